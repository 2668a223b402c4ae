// SPDX-License-Identifier: Apache-2.0
#include "proxy/intake.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "proxy/call_limits.h"
#include "proxy/pinned_message.h"

namespace gatehouse {
namespace {

// A call that passes and may change something: on disk before it leaves.
bool MayChange(const Judgement& judgement) {
  const auto& requests = judgement.call.requests;
  return judgement.decision.Passes() &&
         !std::all_of(requests.begin(), requests.end(),
                      [](const Request& r) { return IsReading(r.verb); });
}

// After it the current context may be another one: a call that changes the
// kubeconfig, or one that a rule lets through though nobody knows what it does.
bool MayChangeConfig(const Judgement& judgement) {
  const auto& requests = judgement.call.requests;
  return judgement.decision.effect == Effect::kAllow &&
                 judgement.call.unclear.has_value()
             ? true
             : std::any_of(
                   requests.begin(), requests.end(),
                   [](const Request& r) { return r.verb == Verb::kConfig; });
}

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

Refusal RefuseUnknown(const Message& message) {
  if (message.kind == MessageKind::kNotification &&
      message.method == "tools/call") {
    return RefuseMessage(message, Code::kMalformed, kInvalidRequest,
                         "a tool call without an id cannot be answered");
  }
  return RefuseMessage(message, Code::kUnknownMethod, kMethodNotFound,
                       "this method is not known to gatehouse");
}

std::string UnsupportedSentence(std::string_view feature) {
  return std::string(feature) +
         " are not supported by this version of gatehouse";
}

}  // namespace

Decision GuardDenies(Code code) {
  Decision decision;
  decision.code = code;
  decision.sentence = RowOf(code).meaning;
  return decision;
}

void Intake::Begin() {
  records_.clear();
  needs_full_ = false;
}

Step Intake::Take(const Frame& frame) {
  if (IsBlank(frame)) return {};
  auto read = ReadMessage(frame);
  if (auto* refusal = std::get_if<Refusal>(&read)) {
    return Refuse(std::move(*refusal), frame.bytes.size());
  }
  return TakeMessage(std::get<Message>(std::move(read)), frame.bytes.size());
}

Step Intake::Refuse(Refusal refusal, std::size_t bytes) {
  Step step;
  step.kind = Step::Kind::kRefuse;
  step.record = records_.size();
  records_.push_back(make_.OfRefusal(refusal, bytes));
  step.refusal = std::move(refusal);
  return step;
}

Step Intake::Pass(Message message) {
  Step step;
  step.kind = Step::Kind::kPass;
  step.message = std::move(message);
  return step;
}

Step Intake::TakeMessage(Message message, std::size_t bytes) {
  if (message.kind == MessageKind::kRequest) {
    return TakeRequest(std::move(message), bytes);
  }
  if (message.kind == MessageKind::kResponse) {
    if (context_.session.TakeExpected(*message.id)) {
      return Pass(std::move(message));
    }
    return Refuse(RefuseMessage(message, Code::kNotInFlight, kInvalidRequest,
                                "the server waits for no such answer"),
                  bytes);
  }
  const RouteRow& row = FindRoute(message.method, message.kind);
  if (row.route == Route::kPass) return Pass(std::move(message));
  if (row.route == Route::kCancel) {
    return TakeCancel(std::move(message), bytes);
  }
  if (row.route == Route::kProgress) {
    if (context_.session.ExpectsAnswers()) return Pass(std::move(message));
    return Refuse(RefuseMessage(message, Code::kNotInFlight, kInvalidParams,
                                "no request of the server is in flight"),
                  bytes);
  }
  return Refuse(RefuseUnknown(message), bytes);
}

// An id must not equal one in flight: which of two equal ids an answer belongs
// to is anyone's guess.
std::optional<Refusal> Intake::Admit(const Message& message) {
  InFlight request;
  request.id = *message.id;
  request.method = message.method;
  request.era = EraOf(message);
  request.since = context_.clock.MonotonicNow();
  switch (context_.session.Admit(std::move(request))) {
    case Admission::kAdmitted:
      return std::nullopt;
    case Admission::kIdInUse:
      return RefuseMessage(message, Code::kMalformed, kInvalidRequest,
                           "a request with an equal id is in flight");
    case Admission::kFull:
      break;
  }
  return RefuseMessage(message, Code::kServerBusy, kInternalError,
                       std::string(RowOf(Code::kServerBusy).meaning));
}

std::optional<Refusal> Intake::RouteFault(const Message& message,
                                          const RouteRow& row) const {
  if (row.route == Route::kUnknown || row.route == Route::kCancel) {
    return RefuseUnknown(message);
  }
  if (row.route == Route::kUnsupported) {
    return RefuseMessage(message, Code::kUnknownMethod, kMethodNotFound,
                         UnsupportedSentence(row.feature));
  }
  const JsonValue* params = message.params();
  if (params != nullptr && Member(*params, "task") != nullptr) {
    return RefuseMessage(message, Code::kUnknownMethod, kInvalidParams,
                         UnsupportedSentence("tasks"));
  }
  // A tool call is judged all the same, and answered in its own shape.
  if (context_.session.server_gone() && row.route != Route::kJudge) {
    return RefuseMessage(message, Code::kServerDied, kInternalError,
                         std::string(RowOf(Code::kServerDied).meaning));
  }
  return std::nullopt;
}

Step Intake::TakeRequest(Message message, std::size_t bytes) {
  const RouteRow& row = FindRoute(message.method, message.kind);
  auto refusal = RouteFault(message, row);
  if (refusal.has_value()) return Refuse(*std::move(refusal), bytes);
  const bool judged = row.route == Route::kJudge;
  if (judged && MustWait()) return Hold(std::move(message), bytes);
  refusal = Admit(message);
  if (refusal.has_value()) return Refuse(*std::move(refusal), bytes);
  if (judged) return TakeCall(std::move(message), bytes);
  if (row.route == Route::kInitialize) {
    context_.session.Initialize(message);
    context_.trail.Queue(make_.OfEvent("client initialized", ""));
  }
  return Pass(std::move(message));
}

std::optional<Refusal> Intake::ArgumentFault(const Message& message) {
  const std::string_view name = FindSuspiciousArgument(
      context_.judge, {message.tool(), message.arguments()},
      context_.session.argument_names().Find(message.tool()));
  if (name.empty()) return std::nullopt;
  return RefuseMessage(message, Code::kMalformed, kInvalidParams,
                       std::string(kLookalikeSentence));
}

Step Intake::TakeCall(Message message, std::size_t bytes) {
  if (auto refusal = ArgumentFault(message)) {
    context_.session.Take(*message.id);
    return Refuse(*std::move(refusal), bytes);
  }
  context_.session.NoteClient(message);
  Step step;
  step.kind = Step::Kind::kCall;
  step.message = std::move(message);
  Judge(step);
  return step;
}

// The call with its namespace written out takes the place of the one that came,
// if it is judged to be the same one; else the one that came stays.
void Intake::Pin(Step& step, const Subject& subject, UtcTime now) {
  const NamespacePin pin = *std::exchange(step.judgement.pin, std::nullopt);
  std::optional<Message> pinned = WithPinnedNamespace(step.message, pin);
  if (!pinned) return;
  Judgement again = context_.judge.Decide({pinned->tool(), pinned->arguments()},
                                          subject, now);
  if (!again.decision.Passes() ||
      again.call.requests != step.judgement.call.requests) {
    return;
  }
  step.message = *std::move(pinned);
  step.judgement = std::move(again);
  step.judgement.pin = pin;
}

bool Intake::MustWait() const {
  return context_.session.ConfigPending(context_.clock.MonotonicNow()) ||
         !context_.session.held().empty();
}

Step Intake::Hold(Message message, std::size_t bytes) {
  HeldCall call{std::move(message), bytes};
  if (context_.session.held().Add(std::move(call))) return {};
  return Refuse(RefuseMessage(call.message, Code::kServerBusy, kInternalError,
                              "too many calls wait for one that changes the "
                              "kubeconfig"),
                bytes);
}

Step Intake::TakeHeld(HeldCall call) {
  return TakeMessage(std::move(call.message), call.bytes);
}

void Intake::Judge(Step& step) {
  if (context_.session.TakeConfigChanged()) context_.judge.ForgetCluster();
  const UtcTime now = context_.clock.UtcNow();
  Subject subject = context_.trail.identity().subject;
  subject.client = context_.session.client_name();
  step.judgement = context_.judge.Decide(
      {step.message.tool(), step.message.arguments()}, subject, now);
  if (step.judgement.pin) Pin(step, subject, now);
  Decision& decision = step.judgement.decision;
  decision = WithoutApproval(std::move(decision));
  if (context_.session.server_gone()) decision = GuardDenies(Code::kServerDied);
  decision = WithinLimits(std::move(decision), context_.trail, now);

  const std::string call =
      audit::NewUuidV7(std::chrono::duration_cast<std::chrono::milliseconds>(
                           now.time_since_epoch())
                           .count());
  step.record = records_.size();
  records_.push_back(make_.OfCall(step.message, step.judgement, call));
  needs_full_ = needs_full_ || MayChange(step.judgement);
  if (!decision.Passes()) {
    context_.session.Take(*step.message.id);
    return;
  }
  InFlight& request = *context_.session.Find(*step.message.id);
  request.call = call;
  request.tool = step.message.tool();
  if (MayChangeConfig(step.judgement)) {
    context_.session.SetConfigPending(request);
  }
}

Step Intake::TakeCancel(Message message, std::size_t bytes) {
  const JsonValue* params = message.params();
  const JsonValue* named =
      params == nullptr ? nullptr : Member(*params, "requestId");
  const auto id = named == nullptr ? std::nullopt : ReadRpcId(*named);
  if (id && context_.session.held().Remove(*id)) {
    return Refuse(RefuseMessage(message, Code::kNotInFlight, kInvalidParams,
                                "it cancels a call that was still held"),
                  bytes);
  }
  const InFlight* request = id ? context_.session.Find(*id) : nullptr;
  // MCP: initialize cannot be cancelled.
  if (request == nullptr || request->method == "initialize") {
    return Refuse(RefuseMessage(message, Code::kNotInFlight, kInvalidParams,
                                "it cancels no request in flight"),
                  bytes);
  }
  Step step;
  step.kind = Step::Kind::kCancel;
  step.message = std::move(message);
  step.cancelled = id;
  return step;
}

}  // namespace gatehouse
