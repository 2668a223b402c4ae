// SPDX-License-Identifier: Apache-2.0
#include "proxy/answer_notes.h"

#include <string>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

// The task that a call became: in 2025-11-25 where it asked for one, in
// 2026-07-28 as the server likes.
const JsonValue* TaskIn(const JsonValue& result, Era era) {
  return era == Era::kModern ? &result : Member(result, "task");
}

std::string Text(const JsonValue& map, std::string_view key) {
  return std::string(StringMember(map, key).value_or(""));
}

// Of a handshake's answer: the revision, and whether the server tells of
// changed tools.
void NoteHandshake(Session& session, const ServerMessage& answer) {
  const Result<JsonValue> result = ParseJson(answer.result);
  if (!result.ok()) return;
  const auto revision = StringMember(result.value(), "protocolVersion");
  constexpr std::size_t kMaxRevisionBytes = 64;
  if (revision.has_value() && revision->size() <= kMaxRevisionBytes) {
    session.set_revision(std::string(*revision));
  }
  const JsonValue* capabilities = Member(result.value(), "capabilities");
  const JsonValue* tools =
      capabilities == nullptr ? nullptr : Member(*capabilities, "tools");
  const JsonValue* tells =
      tools == nullptr ? nullptr : Member(*tools, "listChanged");
  session.set_tells_of_tools(tells != nullptr && AsBool(*tells) == true);
}

void NoteJudged(Session& session, const InFlight& request,
                const ServerMessage& message) {
  if (message.result_type == "input_required") {
    session.BeginRound(request.round, request.call);
  }
  const bool becomes_task = request.method == "tools/call" &&
                            (!request.as_tool || message.result_type == "task");
  if (!becomes_task) return;
  const Result<JsonValue> result = ParseJson(message.result);
  if (!result.ok()) return;
  const JsonValue* task = TaskIn(result.value(), request.era);
  const std::string id = task == nullptr ? "" : Text(*task, "taskId");
  if (id.empty()) return;
  session.BindTask(
      id, {request.call, request.tool, request.origin, request.reveals});
  if (IsFinalStatus(Text(*task, "status"))) session.EndTask(id);
}

}  // namespace

std::string TakeTaskNews(Session& session, const InFlight& request,
                         const ServerMessage& answer) {
  constexpr std::size_t kMaxStatusBytes = 64;
  if (request.polled.empty() || answer.is_error) return "";
  const Result<JsonValue> result = ParseJson(answer.result);
  if (!result.ok()) return "";
  std::string status = Text(result.value(), "status");
  if (IsFinalStatus(status)) session.EndTask(request.polled);
  if (status.size() > kMaxStatusBytes) status.resize(kMaxStatusBytes);
  return session.TakeTaskNews(request.polled, status) ? status : "";
}

void NoteAnswer(Session& session, const InFlight& request,
                const ServerMessage& answer) {
  if (!request.ending.empty()) session.EndTask(request.ending);
  if (answer.is_error) return;
  if (request.method == "initialize") return NoteHandshake(session, answer);
  if (request.IsJudged() && !request.cancelled) {
    NoteJudged(session, request, answer);
  }
}

}  // namespace gatehouse
