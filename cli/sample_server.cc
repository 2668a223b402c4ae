// SPDX-License-Identifier: Apache-2.0
#include "cli/sample_server.h"

#include <algorithm>
#include <array>
#include <iostream>

#include "cli/sample/object.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

constexpr std::string_view kServerInfo =
    R"({"name":"gatehouse-sample-server","title":"A sample: made-up data, )"
    R"(no cluster","version":"1"})";
constexpr std::string_view kLegacy[] = {"2024-11-05", "2025-03-26",
                                        "2025-06-18", "2025-11-25"};
constexpr std::string_view kModern = "2026-07-28";
constexpr std::string_view kClaim = "io.modelcontextprotocol/protocolVersion";

struct Tool {
  std::string_view name;
  std::string_view description;
  std::string_view properties;  // of its inputSchema, JSON
  std::string_view required;    // JSON
};

constexpr std::string_view kObject =
    R"({"resource":{"type":"string"},"name":{"type":"string"},)"
    R"("namespace":{"type":"string"}})";
constexpr std::string_view kObjectRequired =
    R"(["resource","name","namespace"])";

constexpr std::array kTools = {
    Tool{"list_pods", "Lists pods, of all namespaces where none is given",
         R"({"namespace":{"type":"string"}})", "[]"},
    Tool{"get_resource", "Shows one object", kObject, kObjectRequired},
    Tool{"delete_resource", "Deletes one object", kObject, kObjectRequired},
    Tool{"apply", "Applies a manifest (the sample only says so)",
         R"({"manifest":{"type":"string"}})", R"(["manifest"])"},
    Tool{"kubectl", "Runs kubectl (the sample only says so)",
         R"({"args":{"type":"array","items":{"type":"string"}}})",
         R"(["args"])"},
    Tool{"echo", "Says the text again", R"({"text":{"type":"string"}})",
         R"(["text"])"}};

// The member of params, or an empty object.
const JsonValue& MemberOrEmpty(const JsonValue& object, std::string_view key) {
  static const JsonValue kEmpty = JsonValue::object();
  const JsonValue* member = Member(object, key);
  return member == nullptr ? kEmpty : *member;
}

// One request, with what its answer depends on.
struct Request {
  const JsonValue* id = nullptr;
  std::string_view method;
  const JsonValue& params;
  bool modern = false;
};

std::string Envelope(const Request& request, std::string_view key,
                     std::string_view body) {
  JsonWriter out;
  out.BeginObject().Key("jsonrpc").String("2.0").Key("id").Value(*request.id);
  return out.Key(key).Raw(body).EndObject().Take();
}

std::string Fault(const Request& request, int code, std::string_view message) {
  JsonWriter out;
  out.BeginObject().Key("code").Integer(code).Key("message").String(message);
  return Envelope(request, "error", out.EndObject().text());
}

// Starts a result; one of 2026-07-28 says that it is complete.
JsonWriter StartResult(const Request& request) {
  JsonWriter out;
  out.BeginObject();
  if (request.modern) out.Key("resultType").String("complete");
  return out;
}

std::string Finish(const Request& request, JsonWriter& out) {
  return Envelope(request, "result", out.EndObject().text());
}

std::string Initialize(const Request& request) {
  std::string_view version = "2025-11-25";
  auto wanted = StringMember(request.params, "protocolVersion");
  for (std::string_view known : kLegacy) {
    if (wanted == known) version = known;
  }
  JsonWriter out = StartResult(request);
  out.Key("protocolVersion").String(version);
  out.Key("capabilities").Raw(R"({"tools":{}})");
  out.Key("serverInfo").Raw(kServerInfo);
  return Finish(request, out);
}

std::string Discover(const Request& request) {
  JsonWriter out = StartResult(request);
  out.Key("supportedVersions").BeginArray().String(kModern);
  for (std::string_view version : kLegacy) out.String(version);
  out.EndArray().Key("capabilities").Raw(R"({"tools":{}})");
  out.Key("ttlMs").Integer(0).Key("cacheScope").String("private");
  out.Key("_meta").BeginObject().Key("io.modelcontextprotocol/serverInfo");
  out.Raw(kServerInfo).EndObject();
  return Finish(request, out);
}

std::string ListTools(const Request& request) {
  JsonWriter out = StartResult(request);
  if (request.modern) {
    out.Key("ttlMs").Integer(0).Key("cacheScope").String("private");
  }
  out.Key("tools").BeginArray();
  for (const Tool& tool : kTools) {
    out.BeginObject().Key("name").String(tool.name);
    out.Key("description").String(tool.description);
    out.Key("inputSchema").BeginObject().Key("type").String("object");
    out.Key("properties").Raw(tool.properties);
    out.Key("required").Raw(tool.required).EndObject().EndObject();
  }
  out.EndArray();
  return Finish(request, out);
}

std::string Pad(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

std::string JoinArguments(const JsonValue& arguments) {
  std::string text;
  for (const JsonValue* word : Elements(MemberOrEmpty(arguments, "args"))) {
    text += " " + std::string(AsString(*word).value_or("?"));
  }
  return text;
}

// "deploy", "deployment", "deployments" → "apps/deployments": the type whose
// last part begins like the word.
bool IsOfType(const sample::SampleObject& object, std::string_view word) {
  std::string_view plural = object.type;
  plural.remove_prefix(plural.find('/') + 1);
  return !word.empty() && plural.starts_with(word);
}

}  // namespace

SampleServer::SampleServer()
    : objects_(sample::SampleObjects(std::chrono::system_clock::now())) {}

std::string SampleServer::ListPods(const JsonValue& arguments) const {
  auto wanted = StringMember(arguments, "namespace");
  std::string text = Pad("NAMESPACE", 14) + Pad("NAME", 21) + "STATUS\n";
  for (const sample::SampleObject& object : objects_) {
    if (object.type != "/pods") continue;
    if (wanted && !wanted->empty() && *wanted != object.namespace_name) {
      continue;
    }
    text += Pad(object.namespace_name, 14) + Pad(object.name, 21) +
            sample::Text(object.object, {"status", "phase"}) + "\n";
  }
  return text;
}

Result<std::size_t> SampleServer::Locate(const JsonValue& arguments) const {
  auto resource = StringMember(arguments, "resource");
  auto name = StringMember(arguments, "name");
  auto place = StringMember(arguments, "namespace");
  if (!resource || !name || !place) {
    return Error{ErrorCode::kInvalid,
                 "resource, name and namespace must be given as strings"};
  }
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    const sample::SampleObject& object = objects_[i];
    bool here = object.namespace_name.empty() || object.namespace_name == place;
    if (here && object.name == *name && IsOfType(object, *resource)) return i;
  }
  return Error{ErrorCode::kNotFound, std::string(*resource) + " \"" +
                                         std::string(*name) + "\" not found"};
}

Result<std::string> SampleServer::GetResource(
    const JsonValue& arguments) const {
  Result<std::size_t> index = Locate(arguments);
  if (!index.ok()) return index.error();
  return sample::Write(objects_[index.value()].object);
}

Result<std::string> SampleServer::DeleteResource(const JsonValue& arguments) {
  Result<std::size_t> index = Locate(arguments);
  if (!index.ok()) return index.error();
  auto at = objects_.begin() + static_cast<std::ptrdiff_t>(index.value());
  std::string name = at->name;
  objects_.erase(at);
  return name + " deleted (in the sample's memory)";
}

Result<std::string> SampleServer::CallTool(std::string_view tool,
                                           const JsonValue& arguments) {
  if (tool == "list_pods") return ListPods(arguments);
  if (tool == "get_resource") return GetResource(arguments);
  if (tool == "delete_resource") return DeleteResource(arguments);
  if (tool == "apply") return std::string("applied (only a sample: nothing)");
  if (tool == "kubectl") {
    return "a sample runs no programs; asked for: kubectl" +
           JoinArguments(arguments);
  }
  if (tool == "echo") {
    return std::string(StringMember(arguments, "text").value_or(""));
  }
  return Error{ErrorCode::kUnsupported, "Unknown tool: " + std::string(tool)};
}

std::string SampleServer::Handle(std::string_view line) {
  Result<JsonValue> message = ParseJson(line);
  if (!message.ok()) {
    return R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,)"
           R"("message":"Parse error"}})";
  }
  const JsonValue& params = MemberOrEmpty(message.value(), "params");
  const JsonValue* claim = Member(MemberOrEmpty(params, "_meta"), kClaim);
  Request request{Member(message.value(), "id"),
                  StringMember(message.value(), "method").value_or(""), params,
                  claim != nullptr};
  if (request.id == nullptr || request.method.empty()) return "";
  if (request.method == "initialize") return Initialize(request);
  if (request.method == "server/discover") return Discover(request);
  if (request.method == "tools/list") return ListTools(request);
  if (request.method == "ping") return Envelope(request, "result", "{}");
  if (request.method != "tools/call") {
    return Fault(request, -32601, "Method not found");
  }
  Result<std::string> said = CallTool(StringMember(params, "name").value_or(""),
                                      MemberOrEmpty(params, "arguments"));
  if (!said.ok() && said.error().code == ErrorCode::kUnsupported) {
    return Fault(request, -32602, said.error().sentence);
  }
  JsonWriter out = StartResult(request);
  out.Key("content").BeginArray().BeginObject().Key("type").String("text");
  out.Key("text").String(said.ok() ? said.value() : said.error().sentence);
  out.EndObject().EndArray();
  if (!said.ok()) out.Key("isError").Bool(true);
  return Finish(request, out);
}

void AddSampleServer(Command app) {
  const Command command = app.AddCommand(
      "sample-server", "A sample MCP server over made-up data (for the demo)");
  command.Hide();
  command.Do([] {
    SampleServer server;
    for (std::string line; std::getline(std::cin, line);) {
      std::string answer = server.Handle(line);
      if (!answer.empty()) std::cout << answer << std::endl;
    }
    return kExitDone;
  });
}

}  // namespace gatehouse::cli
