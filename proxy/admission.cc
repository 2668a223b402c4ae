// SPDX-License-Identifier: Apache-2.0
#include "proxy/admission.h"

#include <utility>
#include <variant>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

// A longer one is forwarded, but not kept: its page is no known one.
constexpr std::size_t kMaxCursorBytes = 4096;

Refusal RefuseByCode(const Message& message, Code code) {
  return RefuseMessage(message, code, kInternalError,
                       std::string(RowOf(code).meaning));
}

}  // namespace

Refusal RefuseMessage(const Message& message, Code code, int rpc_code,
                      std::string sentence) {
  Refusal refusal;
  refusal.code = code;
  refusal.rpc_code = rpc_code;
  refusal.sentence = std::move(sentence);
  refusal.id = message.id;
  refusal.method = message.method;
  refusal.notification = message.kind != MessageKind::kRequest;
  return refusal;
}

Refusal RefuseForNow(const Message& message, std::string sentence) {
  Refusal refusal = RefuseMessage(message, Code::kServerBusy, kInternalError,
                                  std::move(sentence));
  if (message.AnswersAsTool()) refusal.as_result = EraOf(message);
  return refusal;
}

Refusal RefuseUnknown(const Message& message) {
  if (message.kind == MessageKind::kNotification &&
      message.method == "tools/call") {
    return RefuseMessage(message, Code::kMalformed, kInvalidRequest,
                         "a tool call without an id cannot be answered");
  }
  return RefuseMessage(message, Code::kUnknownMethod, kMethodNotFound,
                       "this method is not known to gatehouse");
}

Refusal RefuseTooLong(LongLine& line) {
  Refusal refusal;
  refusal.code = Code::kTooLarge;
  refusal.sentence = "the line is too long";
  const auto read = line.Finish();
  const auto* message = std::get_if<ServerMessage>(&read);
  if (message == nullptr) return refusal;
  refusal.method = message->method;
  refusal.notification = message->kind == MessageKind::kNotification;
  if (message->kind == MessageKind::kRequest) refusal.id = message->id;
  return refusal;
}

std::optional<Refusal> RouteFault(const Session& session,
                                  const Message& request, const RouteRow& row) {
  if (row.route == Route::kUnknown || row.route == Route::kCancel) {
    return RefuseUnknown(request);
  }
  if (row.eras == Eras::kLegacy && EraOf(request) == Era::kModern) {
    return RefuseMessage(request, Code::kUnknownMethod, kMethodNotFound,
                         "this method was removed in 2026-07-28");
  }
  const JsonValue* params = request.params();
  if (row.route != Route::kJudge && params != nullptr &&
      Member(*params, "task") != nullptr) {
    return RefuseMessage(request, Code::kMalformed, kInvalidParams,
                         "only a tool call can become a task");
  }
  // A tool call is judged all the same, and answered in its own shape.
  if (row.route == Route::kJudge) return std::nullopt;
  if (session.server_gone()) return RefuseByCode(request, Code::kServerDied);
  if (session.server_busy()) return RefuseByCode(request, Code::kServerBusy);
  return std::nullopt;
}

// An id must not equal one whose answer may come: which of two equal ids an
// answer belongs to is anyone's guess.
std::optional<Refusal> Admit(Session& session, const Message& request,
                             const Clock& clock) {
  InFlight entry;
  entry.id = *request.id;
  entry.method = request.method;
  entry.era = EraOf(request);
  entry.since = clock.MonotonicNow();
  entry.as_tool = request.AnswersAsTool();
  entry.features = session.FeaturesOf(request);
  if (const JsonValue* params = request.params();
      params != nullptr && request.method == "tools/list") {
    const auto cursor = StringMember(*params, "cursor");
    if (cursor && cursor->size() <= kMaxCursorBytes) {
      entry.cursor = std::string(*cursor);
    }
  }
  switch (session.Admit(std::move(entry))) {
    case Admission::kAdmitted:
      return std::nullopt;
    case Admission::kIdInUse:
      return RefuseMessage(
          request, Code::kMalformed, kInvalidRequest,
          "an equal id is in use: its request waits for an answer, "
          "or was cancelled and may still get one");
    case Admission::kFull:
      break;
  }
  return RefuseForNow(request, "too many requests wait for their answers");
}

}  // namespace gatehouse
