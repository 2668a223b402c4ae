// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_session.h"

#include <chrono>

#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

// A server from npm may take seconds to come up on a busy machine.
constexpr std::chrono::seconds kPatience{45};

constexpr std::string_view kInitialize =
    R"({"protocolVersion":"2025-11-25","capabilities":{},)"
    R"("clientInfo":{"name":"gatehouse-demo","version":"1"}})";

std::string ContentText(const JsonValue& result) {
  const JsonValue* content = Member(result, "content");
  std::string text;
  if (content == nullptr) return text;
  for (const JsonValue* part : Elements(*content)) {
    text += StringMember(*part, "text").value_or("");
  }
  return text;
}

bool IsRefusal(const JsonValue& result) {
  const JsonValue* meta = Member(result, "_meta");
  if (meta == nullptr) return false;
  const JsonValue* decision = Member(*meta, "gatehouse/decision");
  return decision != nullptr &&
         StringMember(*decision, "decision").value_or("") == "deny";
}

bool IsToolError(const JsonValue& result) {
  const JsonValue* flag = Member(result, "isError");
  return flag != nullptr && AsBool(*flag).value_or(false);
}

std::string StringAt(const JsonValue& object, std::string_view outer,
                     std::string_view inner) {
  const JsonValue* at = Member(object, outer);
  if (at == nullptr) return "";
  return std::string(StringMember(*at, inner).value_or(""));
}

}  // namespace

Result<JsonValue> DemoSession::Request(std::string_view method,
                                       std::string_view params) {
  std::int64_t id = ++last_id_;
  JsonWriter out;
  out.BeginObject().Key("jsonrpc").String("2.0").Key("id").Integer(id);
  out.Key("method").String(method).Key("params").Raw(params).EndObject();
  Status sent = guard_.WriteLine(out.text());
  if (!sent.ok()) return sent.error();
  while (true) {
    Result<std::string> line = guard_.ReadLine(kPatience);
    if (!line.ok()) return line.error();
    Result<JsonValue> message = ParseJson(line.value());
    if (!message.ok()) return message.error();
    const JsonValue* got = Member(message.value(), "id");
    if (got == nullptr || AsInteger(*got) != id) continue;  // a notification
    const JsonValue* result = Member(message.value(), "result");
    if (result != nullptr) return JsonValue(*result);
    return Error{ErrorCode::kUnsupported,
                 std::string(method) + ": " +
                     StringAt(message.value(), "error", "message")};
  }
}

Result<DemoHello> DemoSession::Open() {
  Result<JsonValue> hello = Request("initialize", kInitialize);
  if (!hello.ok()) return hello.error();
  Status sent = guard_.WriteLine(
      R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  if (!sent.ok()) return sent.error();
  Result<JsonValue> listed = Request("tools/list", "{}");
  if (!listed.ok()) return listed.error();
  const JsonValue* tools = Member(listed.value(), "tools");
  return DemoHello{StringAt(hello.value(), "serverInfo", "name"),
                   StringAt(hello.value(), "serverInfo", "version"),
                   tools == nullptr ? 0 : Elements(*tools).size()};
}

Result<DemoAnswer> DemoSession::Call(std::string_view tool,
                                     std::string_view arguments) {
  JsonWriter params;
  params.BeginObject().Key("name").String(tool);
  params.Key("arguments").Raw(arguments).EndObject();
  Result<JsonValue> result = Request("tools/call", params.text());
  if (!result.ok()) return result.error();
  DemoAnswer answer{DemoOutcome::kAnswered, ContentText(result.value())};
  if (IsRefusal(result.value())) {
    answer.outcome = DemoOutcome::kRefused;
  } else if (IsToolError(result.value())) {
    answer.outcome = DemoOutcome::kFailed;
  }
  return answer;
}

}  // namespace gatehouse::cli
