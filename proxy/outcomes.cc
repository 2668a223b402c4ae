// SPDX-License-Identifier: Apache-2.0
#include "proxy/outcomes.h"

#include <chrono>
#include <utility>

#include "proxy/reply.h"

namespace gatehouse {
namespace {

audit::Outcome OutcomeOf(const ServerMessage& message,
                         const InFlight& request) {
  if (request.cancelled) return audit::Outcome::kCancelled;
  if (message.is_error) return audit::Outcome::kRpcError;
  if (message.is_tool_error) return audit::Outcome::kToolError;
  return audit::Outcome::kOk;
}

std::string Lost(const InFlight& request, Code code) {
  return Outcomes::Instead(request, code, RowOf(code).meaning);
}

}  // namespace

Outcomes::Outcomes(const GateContext& context)
    : context_(context),
      make_(context.trail, context.session, context.redactor),
      dropped_(context, "server frame dropped") {}

std::string Outcomes::Instead(const InFlight& request, Code code,
                              std::string_view sentence) {
  if (request.as_tool) {
    return FailedResult(request.id, request.era, code, sentence,
                        request.record);
  }
  return ErrorLine(request.id, kInternalError, code, sentence);
}

audit::Record Outcomes::Of(const InFlight& request,
                           const ServerMessage& answer) const {
  return make_.OfOutcome(request, OutcomeOf(answer, request));
}

audit::Record Outcomes::OfNews(const InFlight& request,
                               const ServerMessage& answer,
                               std::string_view status) const {
  const TaskOrigin* task = context_.session.FindTask(request.polled);
  audit::Record record = make_.OfOutcome(request, OutcomeOf(answer, request));
  record.stage = audit::Stage::kEvent;
  record.event = "task news";
  if (task != nullptr) record.call = task->call;
  record.detail = "the task that the call became is " + std::string(status);
  context_.redactor.Clean(record);
  return record;
}

// What is dropped is recorded as an event: nothing was decided about a call.
Verdict Outcomes::Drop(Code code, std::string_view sentence, std::size_t bytes,
                       const ServerMessage& message) {
  if (!dropped_.Allow()) return {};
  audit::Record record = dropped_.Make(std::string(sentence) + " [code " +
                                       std::string(CodeName(code)) + "]");
  record.method = message.method;
  if (message.id.has_value()) record.rpc_id = message.id->text;
  record.bytes = bytes;
  context_.redactor.Clean(record);
  dropped_.Queue(std::move(record));
  return {};
}

// The outcome of a tool call that has its end now.
void Outcomes::Close(const InFlight& request, audit::Record&& record,
                     std::size_t bytes) {
  record.bytes = bytes;
  record.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(
                           context_.clock.MonotonicNow() - request.since)
                           .count();
  context_.trail.Queue(std::move(record));
}

// Nobody can take it: whoever waits for it hears that instead.
Verdict Outcomes::TooLarge(const ServerMessage& message, std::size_t bytes) {
  constexpr Code kCode = Code::kResultTooLarge;
  const std::string_view sentence = "a line that is too long";
  if (message.kind != MessageKind::kResponse) {
    (void)Drop(kCode, sentence, bytes, message);
    if (message.kind == MessageKind::kNotification) return {};
    return {Verdict::Kind::kAnswer,
            ErrorLine(message.id, kInvalidRequest, kCode, sentence)};
  }
  const auto request =
      message.id ? context_.session.TakeSent(*message.id) : std::nullopt;
  if (!request) return Drop(kCode, sentence, bytes, message);
  if (request->IsJudged()) {
    audit::Record record = Of(*request, message);
    record.detail = RowOf(kCode).meaning;
    Close(*request, std::move(record), bytes);
  }
  if (request->cancelled) return {};
  return {Verdict::Kind::kForward, Lost(*request, kCode)};
}

std::vector<Verdict> Outcomes::ServerGone() {
  Session& session = context_.session;
  session.SetServerGone();
  std::vector<Verdict> verdicts;
  for (const InFlight& request : session.TakeAll()) {
    if (request.IsJudged()) {
      audit::Record record = make_.OfOutcome(
          request, request.cancelled ? audit::Outcome::kCancelled
                                     : audit::Outcome::kServerDied);
      if (request.waits) record.detail = "it was not forwarded";
      Close(request, std::move(record), 0);
    }
    if (request.cancelled) continue;
    verdicts.push_back(
        {Verdict::Kind::kForward, Lost(request, Code::kServerDied)});
  }
  return verdicts;
}

}  // namespace gatehouse
