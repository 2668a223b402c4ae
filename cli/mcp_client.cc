// SPDX-License-Identifier: Apache-2.0
#include "cli/mcp_client.h"

#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

// A server could hand out pages without end.
constexpr int kMaxPages = 200;

std::string StringAt(const JsonValue& object, std::string_view outer,
                     std::string_view inner) {
  const JsonValue* at = Member(object, outer);
  if (at == nullptr) return "";
  return std::string(StringMember(*at, inner).value_or(""));
}

}  // namespace

Result<JsonValue> McpClient::Ask(std::string_view method,
                                 std::string_view params,
                                 std::chrono::milliseconds patience) {
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + patience;
  const std::int64_t id = ++last_id_;
  JsonWriter out;
  out.BeginObject().Key("jsonrpc").String("2.0").Key("id").Integer(id);
  out.Key("method").String(method).Key("params").Raw(params).EndObject();
  const Status sent = stream_.WriteLine(out.text());
  if (!sent.ok()) return sent.error();
  while (true) {
    // Here too: a server may say other things without end.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        deadline - steady_clock::now());
    if (left.count() <= 0) return Error{ErrorCode::kBusy, "no answer in time"};
    Result<std::string> line = stream_.ReadLine(left);
    if (!line.ok()) return line.error();
    Result<JsonValue> message = ParseJson(line.value());
    if (!message.ok()) return message.error();
    const JsonValue* got = Member(message.value(), "id");
    const bool ours = got != nullptr && AsInteger(*got) == id &&
                      Member(message.value(), "method") == nullptr;
    if (ours) return message;
  }
}

Result<JsonValue> McpClient::Request(std::string_view method,
                                     std::string_view params,
                                     std::chrono::milliseconds patience) {
  Result<JsonValue> answer = Ask(method, params, patience);
  if (!answer.ok()) return answer;
  const JsonValue* result = Member(answer.value(), "result");
  if (result != nullptr) return JsonValue(*result);
  return Error{ErrorCode::kUnsupported,
               std::string(method) + ": " +
                   StringAt(answer.value(), "error", "message")};
}

Result<ServerHello> McpClient::Open(std::chrono::milliseconds patience) {
  JsonWriter params;
  params.BeginObject().Key("protocolVersion").String("2025-11-25");
  params.Key("capabilities").BeginObject().EndObject();
  params.Key("clientInfo").BeginObject().Key("name").String(client_name_);
  params.Key("version").String("1").EndObject().EndObject();
  Result<JsonValue> hello = Request("initialize", params.text(), patience);
  if (!hello.ok()) return hello.error();
  const Status sent = stream_.WriteLine(
      R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  if (!sent.ok()) return sent.error();
  return ServerHello{StringAt(hello.value(), "serverInfo", "name"),
                     StringAt(hello.value(), "serverInfo", "version")};
}

Result<std::vector<JsonValue>> McpClient::ListTools() {
  std::vector<JsonValue> tools;
  std::string params = "{}";
  for (int page = 0; page < kMaxPages; ++page) {
    Result<JsonValue> listed = Request("tools/list", params);
    if (!listed.ok()) return listed.error();
    if (const JsonValue* list = Member(listed.value(), "tools")) {
      for (const JsonValue* tool : Elements(*list)) tools.push_back(*tool);
    }
    const auto next = StringMember(listed.value(), "nextCursor");
    if (!next.has_value()) return tools;
    params = JsonWriter()
                 .BeginObject()
                 .Key("cursor")
                 .String(*next)
                 .EndObject()
                 .Take();
  }
  return Error{ErrorCode::kInvalid, "the server's list of tools has no end"};
}

}  // namespace gatehouse::cli
