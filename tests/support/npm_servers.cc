// SPDX-License-Identifier: Apache-2.0
#include "tests/support/npm_servers.h"

#include <unistd.h>

#include <cstdlib>
#include <regex>

#include "cli/demo_server.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::testing {
namespace {

// kubectl under load on two cores.
constexpr std::chrono::seconds kPatience{60};

constexpr std::string_view kModernMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{},)"
    R"("io.modelcontextprotocol/clientInfo":)"
    R"({"name":"gatehouse-test","version":"1"}})";

JsonValue Failed(const std::string& cause) {
  JsonWriter out;
  out.BeginObject().Key("failed").String(cause).EndObject();
  return ParseJson(out.text()).value();
}

// In $GATEHOUSE_NPM or build/npm, and in `below` of it.
std::string FindBelow(const std::string& below, const std::string& name) {
  std::vector<std::string> folders;
  const char* named = std::getenv("GATEHOUSE_NPM");
  if (named != nullptr && *named != '\0') {
    folders = {named + below, named + below + "/node_modules/.bin"};
  }
  folders.push_back(GATEHOUSE_SOURCE_DIR "/build/npm" + below +
                    "/node_modules/.bin");
  for (const std::string& folder : folders) {
    std::string file = folder + "/" + name;
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

}  // namespace

std::string FindNpmServer(const std::string& name) {
  const std::string found = FindBelow("", name);
  return found.empty() ? cli::FindProgram(name) : found;
}

std::string FindOlderNpmServer(const std::string& name) {
  return FindBelow("/older", name);
}

std::unique_ptr<McpClient> McpClient::Start(
    const std::vector<std::string>& argv, Era era) {
  cli::LineProcessSpec spec;
  spec.argv = argv;
  if (std::getenv("GATEHOUSE_TEST_STDERR") != nullptr) {
    spec.standard_error = cli::LineStderr::kShown;
  }
  Result<cli::LineProcess> process = cli::LineProcess::Start(spec);
  if (!process.ok()) return nullptr;
  std::unique_ptr<McpClient> client(
      new McpClient(std::move(process).value(), era));
  return client->Open() ? std::move(client) : nullptr;
}

std::string McpClient::WithMeta(std::string_view params) const {
  if (era_ == Era::kLegacy) return std::string(params);
  std::string text = "{" + std::string(kModernMeta);
  if (params.size() > 2) text += ",";
  return text + std::string(params.substr(1));
}

bool McpClient::Open() {
  if (era_ == Era::kLegacy) return client_.Open().ok();
  return Member(Request("server/discover", "{}"), "result") != nullptr;
}

JsonValue McpClient::Request(std::string_view method, std::string_view params) {
  Result<JsonValue> answer = client_.Ask(method, WithMeta(params));
  return answer.ok() ? std::move(answer).value()
                     : Failed(answer.error().sentence);
}

JsonValue McpClient::Call(std::string_view tool, std::string_view arguments) {
  JsonWriter params;
  params.BeginObject().Key("name").String(tool);
  params.Key("arguments").Raw(arguments).EndObject();
  return Request("tools/call", params.text());
}

JsonValue McpClient::Raw(const std::string& bytes) {
  Status sent = process_.WriteLine(bytes);
  if (!sent.ok()) return Failed(sent.error().sentence);
  Result<std::string> line = process_.ReadLine(kPatience);
  if (!line.ok()) return Failed(line.error().sentence);
  Result<JsonValue> message = ParseJson(line.value());
  return message.ok() ? std::move(message).value()
                      : Failed(message.error().sentence);
}

std::string ContentOf(const JsonValue& answer) {
  const JsonValue* result = Member(answer, "result");
  if (result == nullptr) return "";
  const JsonValue* content = Member(*result, "content");
  if (content == nullptr) return "";
  std::string text;
  for (const JsonValue* part : Elements(*content)) {
    text += StringMember(*part, "text").value_or("");
  }
  static const std::regex kAge(R"(\b\d+[smhd]\b)");
  return std::regex_replace(text, kAge, "AGE");
}

std::string RefusalCode(const JsonValue& answer) {
  const JsonValue* result = Member(answer, "result");
  if (result == nullptr) return "";
  const JsonValue* meta = Member(*result, "_meta");
  const JsonValue* failed = Member(*result, "isError");
  if (meta == nullptr || failed == nullptr) return "";
  const JsonValue* decision = Member(*meta, "gatehouse/decision");
  if (decision == nullptr || AsBool(*failed) != true ||
      StringMember(*decision, "decision") != "deny") {
    return "";
  }
  return std::string(StringMember(*decision, "code").value_or(""));
}

}  // namespace gatehouse::testing
