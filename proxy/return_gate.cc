// SPDX-License-Identifier: Apache-2.0
// A server is hostile too: an answer that nobody asked for could complete a
// call that was refused, a request that nobody allowed could drive the user's
// model. What is not matched is dropped; the records of such noise are
// limited, since a server can make it without end.
#include "proxy/return_gate.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "proxy/answer_mask.h"
#include "proxy/answer_notes.h"
#include "proxy/call_record.h"
#include "proxy/leading_id.h"
#include "proxy/rate_limit.h"
#include "proxy/reply.h"
#include "proxy/server_lists.h"
#include "proxy/server_message.h"
#include "proxy/server_notes.h"

namespace gatehouse {
namespace {

constexpr std::int64_t kNoiseRecords = 100;

// What a server may ask of a client, and the capability that says so.
struct ServerRequest {
  std::string_view method;
  std::optional<ClientFeature> feature;  // none: always
};
constexpr std::array<ServerRequest, 4> kServerRequests = {{
    {"ping", std::nullopt},
    {"sampling/createMessage", ClientFeature::kSampling},
    {"elicitation/create", ClientFeature::kElicitation},
    {"roots/list", ClientFeature::kRoots},
}};

bool MayAsk(const Session& session, std::string_view method) {
  // Since 2026-07-28 servers send no requests at all; before, only after the
  // handshake in which the client declared what it can do.
  if (!session.initialized()) return false;
  for (const ServerRequest& row : kServerRequests) {
    if (row.method != method) continue;
    return !row.feature || session.features().Has(*row.feature);
  }
  return false;
}

// The line as it is to be seen: itself, or what masking made of it.
Verdict Relay(std::string_view line, const audit::MaskedLine& masked) {
  const std::string_view seen =
      masked.line ? std::string_view(*masked.line) : line;
  Verdict verdict{Verdict::Kind::kForward, {}};
  verdict.bytes.reserve(seen.size() + 1);
  verdict.bytes.append(seen).push_back('\n');
  return verdict;
}

audit::Outcome OutcomeOf(const ServerMessage& message,
                         const InFlight& request) {
  if (request.cancelled) return audit::Outcome::kCancelled;
  if (message.is_error) return audit::Outcome::kRpcError;
  if (message.is_tool_error) return audit::Outcome::kToolError;
  return audit::Outcome::kOk;
}

std::string Lost(const InFlight& request, Code code) {
  const std::string_view sentence = RowOf(code).meaning;
  if (request.as_tool) {
    return FailedResult(request.id, request.era, code, sentence,
                        request.record);
  }
  return ErrorLine(request.id, kInternalError, code, sentence);
}

}  // namespace

struct ReturnGate::State {
  State(const GateContext& given, std::size_t max_bytes)
      : context(given),
        make(given.trail, given.session, given.redactor),
        lists(given),
        mask(given),
        max_result_bytes(max_bytes) {}

  Verdict Take(const Frame& frame);
  Verdict TakeTooLong(const Frame& frame);
  Verdict TakeResponse(const ServerMessage& message, std::string_view line);
  Verdict TakeRequest(const ServerMessage& message, std::string_view line);
  Verdict TakeNotification(const ServerMessage& message, std::string_view line);
  Verdict Drop(Code code, std::string_view sentence, std::size_t bytes,
               const ServerMessage& message = {});
  void Close(const InFlight& request, audit::Record record, std::size_t bytes);

  GateContext context;
  RecordMaker make;
  ServerReader reader;
  ServerLists lists;
  AnswerMask mask;
  RateLimit noise{kNoiseRecords};
  std::size_t max_result_bytes;
};

Verdict ReturnGate::State::Take(const Frame& frame) {
  if (IsBlank(frame)) return {};
  if (frame.fault == FrameFault::kTooLong) return TakeTooLong(frame);
  const auto read = reader.Read(frame.bytes);
  if (const auto* fault = std::get_if<ServerFault>(&read)) {
    return Drop(Code::kMalformed, fault->sentence, frame.bytes.size());
  }
  const ServerMessage& message = std::get<ServerMessage>(read);
  switch (message.kind) {
    case MessageKind::kRequest:
      return TakeRequest(message, frame.bytes);
    case MessageKind::kNotification:
      return TakeNotification(message, frame.bytes);
    case MessageKind::kResponse:
      return TakeResponse(message, frame.bytes);
  }
  return {};
}

// What is dropped is recorded as an event: nothing was decided about a call.
Verdict ReturnGate::State::Drop(Code code, std::string_view sentence,
                                std::size_t bytes,
                                const ServerMessage& message) {
  if (!noise.Allow(context.clock.MonotonicNow())) return {};
  std::string detail =
      std::string(sentence) + " [code " + std::string(CodeName(code)) + "]";
  if (const std::uint64_t more = noise.TakeSuppressed(); more > 0) {
    detail += "; " + std::to_string(more) + " more were not recorded";
  }
  audit::Record record = make.OfEvent("server frame dropped", detail);
  record.method = message.method;
  if (message.id.has_value()) record.rpc_id = message.id->text;
  record.bytes = bytes;
  context.trail.Queue(context.redactor.Clean(std::move(record)));
  return {};
}

// The outcome of a tool call that has its end now.
void ReturnGate::State::Close(const InFlight& request, audit::Record record,
                              std::size_t bytes) {
  record.bytes = bytes;
  record.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(
                           context.clock.MonotonicNow() - request.since)
                           .count();
  context.trail.Queue(std::move(record));
}

Verdict ReturnGate::State::TakeResponse(const ServerMessage& message,
                                        std::string_view line) {
  auto request = message.id ? context.session.Take(*message.id) : std::nullopt;
  if (!request.has_value()) {
    return Drop(Code::kNotInFlight, "an answer to no request in flight",
                line.size(), message);
  }
  const bool too_large = line.size() > max_result_bytes;
  std::optional<std::string> filtered;
  audit::MaskedLine masked;
  if (!too_large && !request->cancelled) {
    if (!message.is_error && ServerLists::IsList(request->method)) {
      filtered = lists.Take(*request, message);
    }
    masked = mask.OfAnswer(*request, filtered ? *filtered : line);
  }
  if (request->IsJudged()) {
    audit::Record record =
        make.OfOutcome(*request, OutcomeOf(message, *request));
    record.result_digest = context.redactor.Digest(message.result);
    record.masked = masked.counts;
    record.controls = masked.controls;
    if (message.result_type == "input_required") {
      record.detail = "the server asks for input";
    }
    if (too_large) record.detail = RowOf(Code::kResultTooLarge).meaning;
    Close(*request, std::move(record), line.size());
  }
  NoteAnswer(context.session, *request, message);
  // MCP: the client has forgotten a request that it cancelled.
  if (request->cancelled) return {};
  if (too_large) {
    return {Verdict::Kind::kForward, Lost(*request, Code::kResultTooLarge)};
  }
  return Relay(filtered ? *filtered : line, masked);
}

// Only the line's first bytes are there. If they do not say whom it answers,
// the only request in flight is the one; else nobody can tell.
Verdict ReturnGate::State::TakeTooLong(const Frame& frame) {
  const auto id = LeadingId(frame.bytes);
  const InFlight* found =
      id ? context.session.Find(*id) : context.session.Only();
  if (found == nullptr) {
    return Drop(Code::kResultTooLarge, "a line that is too long",
                frame.bytes.size());
  }
  const RpcId named = found->id;
  const InFlight request = *context.session.Take(named);
  if (request.IsJudged()) {
    audit::Record record = make.OfOutcome(request, audit::Outcome::kUnknown);
    record.detail = RowOf(Code::kResultTooLarge).meaning;
    Close(request, std::move(record), frame.bytes.size());
  }
  if (request.cancelled) return {};
  return {Verdict::Kind::kForward, Lost(request, Code::kResultTooLarge)};
}

Verdict ReturnGate::State::TakeRequest(const ServerMessage& message,
                                       std::string_view line) {
  const bool allowed = MayAsk(context.session, message.method);
  if (allowed && context.session.ExpectAnswer(*message.id)) {
    return Relay(line, mask.OfRequest(line));
  }
  const Code code = allowed ? Code::kServerBusy : Code::kUnknownMethod;
  const std::string_view sentence =
      allowed ? "the id is in use, or too many requests wait"
              : "the client did not declare that it answers this";
  (void)Drop(code, sentence, line.size(), message);
  return {Verdict::Kind::kAnswer,
          ErrorLine(message.id, allowed ? kInvalidRequest : kMethodNotFound,
                    code, sentence)};
}

Verdict ReturnGate::State::TakeNotification(const ServerMessage& message,
                                            std::string_view line) {
  switch (TakeNote(context.session, message, line)) {
    case NoteFate::kPasses:
      return Relay(line, mask.OfNotification(message, line));
    case NoteFate::kNothing:
      return Drop(Code::kNotInFlight,
                  "a notification about no request in flight", line.size(),
                  message);
    case NoteFate::kUnknown:
      break;
  }
  return Drop(Code::kUnknownMethod, "an unknown notification of the server",
              line.size(), message);
}

ReturnGate::ReturnGate(const GateContext& context, std::size_t max_result_bytes)
    : state_(std::make_unique<State>(context, max_result_bytes)) {}
ReturnGate::~ReturnGate() = default;

std::vector<Verdict> ReturnGate::Handle(std::span<const Frame> frames) {
  std::vector<Verdict> verdicts;
  verdicts.reserve(frames.size());
  for (const Frame& frame : frames) verdicts.push_back(state_->Take(frame));
  return verdicts;
}

std::vector<Verdict> ReturnGate::OnServerGone() {
  Session& session = state_->context.session;
  session.SetServerGone();
  std::vector<Verdict> verdicts;
  for (const InFlight& request : session.TakeAll()) {
    if (request.IsJudged()) {
      state_->Close(
          request,
          state_->make.OfOutcome(request, request.cancelled
                                              ? audit::Outcome::kCancelled
                                              : audit::Outcome::kServerDied),
          0);
    }
    if (request.cancelled) continue;
    verdicts.push_back(
        {Verdict::Kind::kForward, Lost(request, Code::kServerDied)});
  }
  return verdicts;
}

std::vector<Verdict> ReturnGate::OnPolicyChanged() {
  std::vector<Verdict> verdicts;
  for (std::string& line : ToolsChangedLines(state_->context.session)) {
    verdicts.push_back({Verdict::Kind::kForward, std::move(line)});
  }
  return verdicts;
}

void ReturnGate::OnUnfinished(std::string_view bytes) {
  (void)state_->Drop(Code::kMalformed,
                     "the server ended in the middle of a line", bytes.size());
}

Status ReturnGate::Flush() { return state_->context.trail.Flush(); }

}  // namespace gatehouse
