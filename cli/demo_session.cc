// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_session.h"

#include <utility>

#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

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

}  // namespace

Result<DemoHello> DemoSession::Open() {
  Result<ServerHello> hello = client_.Open();
  if (!hello.ok()) return hello.error();
  Result<std::vector<JsonValue>> tools = client_.ListTools();
  if (!tools.ok()) return tools.error();
  return DemoHello{std::move(hello.value().name),
                   std::move(hello.value().version), tools.value().size()};
}

Result<DemoAnswer> DemoSession::Call(std::string_view tool,
                                     std::string_view arguments) {
  JsonWriter params;
  params.BeginObject().Key("name").String(tool);
  params.Key("arguments").Raw(arguments).EndObject();
  Result<JsonValue> result = client_.Request("tools/call", params.text());
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
