// SPDX-License-Identifier: Apache-2.0
#include "proxy/intake.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "policy/json_value.h"
#include "proxy/admission.h"
#include "proxy/call_limits.h"
#include "proxy/config_change.h"
#include "proxy/declared_features.h"
#include "proxy/pinned_message.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxBytesWhileBusy = 1024;

// What passes and may change something: on disk before it leaves. Without
// requests nobody knows what it does, but for two: a task's result is read, and
// a subscription given up.
bool MayChange(const Judgement& judgement, std::string_view method) {
  const auto& requests = judgement.call.requests;
  if (!judgement.decision.Passes()) return false;
  if (requests.empty()) {
    return method != "tasks/result" && method != "resources/unsubscribe";
  }
  return !std::all_of(requests.begin(), requests.end(),
                      [](const Request& r) { return IsReading(r.verb); });
}

// Whether the client answers what the server asked in an earlier round
// (2026-07-28): a call like any other, judged anew.
bool IsLaterRound(const Message& message) {
  const JsonValue* params = message.params();
  return params != nullptr && (Member(*params, "inputResponses") != nullptr ||
                               Member(*params, "requestState") != nullptr);
}

}  // namespace

void Step::DropValue() {
  as_tool = message.AnswersAsTool();
  era = EraOf(message);
  message.value = JsonValue();
}

void Intake::Begin() { records_.clear(); }

Step Intake::Take(const Frame& frame) {
  if (frame.part != FramePart::kWhole) return TakePiece(frame);
  if (IsBlank(frame)) return {};
  auto read = ReadMessage(frame);
  if (auto* refusal = std::get_if<Refusal>(&read)) {
    return Refuse(std::move(*refusal), frame.bytes.size());
  }
  return TakeMessage(std::get<Message>(std::move(read)), frame.bytes.size());
}

// Over the cap: nothing of it is kept, and its end says whom to answer.
Step Intake::TakePiece(const Frame& piece) {
  if (piece.part == FramePart::kFirst) too_long_.emplace(0);
  too_long_->Add(piece.bytes);
  if (piece.part != FramePart::kLast) return {};
  LongLine line = *std::exchange(too_long_, std::nullopt);
  Refusal refusal = RefuseTooLong(line);
  // An answer under an id in flight would end that request.
  if (refusal.id && context_.session.InUse(*refusal.id)) {
    refusal.id.reset();
  }
  return Refuse(std::move(refusal), line.bytes());
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
  step.DropValue();
  return step;
}

Step Intake::TakeMessage(Message message, std::size_t bytes) {
  if (message.kind == MessageKind::kRequest) {
    return TakeRequest(std::move(message), bytes);
  }
  if (message.kind == MessageKind::kResponse) {
    if (IsTooMuchNow(message)) return RefuseBusy(message, bytes);
    if (context_.session.TakeExpected(*message.id)) {
      return Pass(std::move(message));
    }
    // It left before the client read that nobody waits any more.
    if (context_.session.TakeLate(*message.id)) return {};
    return Refuse(RefuseMessage(message, Code::kNotInFlight, kInvalidRequest,
                                "the server waits for no such answer"),
                  bytes);
  }
  return TakeNotification(std::move(message), bytes);
}

Step Intake::TakeNotification(Message message, std::size_t bytes) {
  const RouteRow& row = FindRoute(message.method, message.kind);
  if (row.route == Route::kCancel) {
    return TakeCancel(std::move(message), bytes);
  }
  if (row.route != Route::kPass && row.route != Route::kProgress) {
    return Refuse(RefuseUnknown(message), bytes);
  }
  if (row.route == Route::kProgress && !context_.session.ExpectsAnswers()) {
    return Refuse(RefuseMessage(message, Code::kNotInFlight, kInvalidParams,
                                "no request of the server is in flight"),
                  bytes);
  }
  if (context_.session.server_busy()) return RefuseBusy(message, bytes);
  return Pass(std::move(message));
}

// What ends calls and what the server waits for goes on to one that reads
// nothing, so it must be small: it waits in our memory.
bool Intake::IsTooMuchNow(const Message& message) const {
  return context_.session.server_busy() &&
         message.canonical.size() > kMaxBytesWhileBusy;
}

Step Intake::RefuseBusy(const Message& message, std::size_t bytes) {
  return Refuse(RefuseMessage(message, Code::kServerBusy, kInternalError,
                              std::string(RowOf(Code::kServerBusy).meaning)),
                bytes);
}

Step Intake::TakeRequest(Message message, std::size_t bytes) {
  const RouteRow& row = FindRoute(message.method, message.kind);
  auto refusal = RouteFault(context_.session, message, row);
  if (refusal.has_value()) return Refuse(*std::move(refusal), bytes);
  const bool method = row.route == Route::kMethod || row.route == Route::kTask;
  const bool judged = row.route == Route::kJudge || method;
  if (judged && MustWait()) return Hold(std::move(message), bytes);
  refusal = Admit(context_.session, message, context_.clock);
  if (refusal.has_value()) return Refuse(*std::move(refusal), bytes);
  const bool handshake = row.route == Route::kInitialize;
  if (handshake) context_.session.Initialize(message);
  const bool less = LeaveOutDenied(message);
  if (method) return TakeMethod(std::move(message), bytes);
  if (judged) return TakeCall(std::move(message), bytes);
  if (handshake) {
    context_.trail.Queue(make_.OfEvent(
        "client initialized",
        less ? "declared less to the server, as clientFeatures says" : ""));
  }
  return Pass(std::move(message));
}

// What no server may ask is not declared to this one. The session knows all
// that the client declared: what is asked all the same is refused as denied.
bool Intake::LeaveOutDenied(Message& message) {
  if (message.method != "initialize" && EraOf(message) == Era::kLegacy) {
    return false;
  }
  std::optional<Message> less =
      WithoutDenied(message, context_.judge.settings().client_features);
  if (!less) return false;
  message = *std::move(less);
  return true;
}

std::optional<Refusal> Intake::ArgumentFault(const Message& message) {
  const std::string_view name = FindSuspiciousArgument(
      context_.judge, {message.tool(), message.arguments()},
      context_.session.catalogue().ArgumentsOf(message.tool()));
  if (name.empty()) return std::nullopt;
  return RefuseMessage(message, Code::kMalformed, kInvalidParams,
                       std::string(kLookalikeSentence));
}

Step Intake::TakeCall(Message message, std::size_t bytes) {
  if (auto refusal = ArgumentFault(message)) {
    context_.session.Take(*message.id);
    return Refuse(*std::move(refusal), bytes);
  }
  return TakeJudged(std::move(message), {});
}

Step Intake::TakeMethod(Message message, std::size_t bytes) {
  const auto read = ReadMethod(message);
  std::optional<Refusal> refusal;
  if (const auto* fault = std::get_if<MethodFault>(&read)) {
    refusal = RefuseMessage(message, Code::kMalformed, kInvalidParams,
                            std::string(fault->sentence));
  } else if (!IsBound(context_.session, std::get<MethodAsks>(read))) {
    // As a server of tasks answers a client that did not declare them.
    const bool undeclared =
        EraOf(message) == Era::kModern && !DeclaresTasks(message);
    refusal = RefuseMessage(message, Code::kNotInFlight,
                            undeclared ? kMissingCapability : kInvalidParams,
                            "no call of this session became such a task");
  }
  if (refusal.has_value()) {
    context_.session.Take(*message.id);
    return Refuse(*std::move(refusal), bytes);
  }
  const auto& asks = std::get<MethodAsks>(read);
  // A stream of nothing but changed lists names nothing to be judged.
  if (asks.requests.empty() && asks.tasks.empty()) {
    return Pass(std::move(message));
  }
  if (message.method == "tasks/get") {
    return TakePoll(std::move(message), asks.tasks.front());
  }
  return TakeJudged(std::move(message), asks);
}

// What becomes of an allowed call may be asked for, and clients ask every
// second: the trail has what is new in the answers.
Step Intake::TakePoll(Message message, std::string_view task) {
  context_.session.NoteClient(message);
  InFlight& request = *context_.session.Find(*message.id);
  const TaskOrigin& origin = *context_.session.FindTask(task);
  request.polled = task;
  request.tool = origin.tool;
  request.origin = origin.origin;
  request.reveals = origin.reveals;
  return Pass(std::move(message));
}

// `asks` borrows nothing that a move takes elsewhere.
Step Intake::TakeJudged(Message message, const MethodAsks& asks) {
  context_.session.NoteClient(message);
  Step step;
  step.kind = Step::Kind::kCall;
  step.message = std::move(message);
  Judge(step, asks);
  step.DropValue();
  return step;
}

// The call with its namespace written out takes the place of the one that came,
// if it is judged to be the same one; else the one that came stays.
void Intake::Pin(Step& step, UtcTime now) {
  const NamespacePin pin = *std::exchange(step.judgement.pin, std::nullopt);
  std::optional<Message> pinned = WithPinnedNamespace(step.message, pin);
  if (!pinned) return;
  Judgement again = Assess(context_, *pinned, {}, now);
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
  // It was not moved. NOLINTNEXTLINE(bugprone-use-after-move)
  return Refuse(RefuseForNow(call.message,
                             "too many calls wait for one that changes the "
                             "kubeconfig"),
                bytes);
}

Step Intake::TakeHeld(HeldCall call) {
  return TakeMessage(std::move(call.message), call.bytes);
}

std::string Intake::RoundDetail(const Message& message,
                                const std::string& round) {
  if (!IsLaterRound(message)) return "";
  const std::string first = context_.session.RoundOf(round);
  if (!first.empty()) return "a further round of the call " + first;
  return "answers a round that this session did not see";
}

// Whether the answer is secret, and to be seen. A task's is as the call's was.
void Intake::NoteOrigin(InFlight& request, const Step& step,
                        const MethodAsks& asks) const {
  const TaskOrigin* task = asks.tasks.empty()
                               ? nullptr
                               : context_.session.FindTask(asks.tasks.front());
  request.origin = task != nullptr
                       ? task->origin
                       : audit::OriginOfAnswer(step.judgement.call,
                                               step.message.arguments());
  if (request.method == "tasks/result" && task != nullptr) {
    request.ending = asks.tasks.front();
  }
  request.reveals =
      task != nullptr ? task->reveals : step.judgement.decision.reveals;
}

void Intake::Judge(Step& step, const MethodAsks& asks) {
  if (context_.session.TakeConfigChanged()) context_.judge.ForgetCluster();
  const UtcTime now = context_.clock.UtcNow();
  step.judgement = Assess(context_, step.message, asks, now);
  if (step.judgement.pin) Pin(step, now);
  step.judgement.decision = WithoutConfigTask(step.message, step.judgement);
  step.judgement.decision =
      WithinLimits(std::move(step.judgement.decision), context_.trail, now);
  const std::string call =
      audit::UuidV7Of(std::chrono::duration_cast<std::chrono::milliseconds>(
                          now.time_since_epoch())
                          .count(),
                      random_.Take(audit::kUuidBytes));
  audit::Record record = make_.OfCall(step.message, step.judgement, call);
  const std::string round = record.method + record.arguments_digest;
  if (std::string detail = RoundDetail(step.message, round); !detail.empty()) {
    record.detail = std::move(detail);
  }
  step.record = records_.size();
  records_.push_back(std::move(record));
  step.changes = MayChange(step.judgement, step.message.method);
  if (!step.judgement.decision.Passes()) {
    context_.session.Take(*step.message.id);
    return;
  }
  if (step.message.method == "resources/subscribe") {
    context_.session.Subscribe(asks.requests.front().target);
  }
  InFlight& request = *context_.session.Find(*step.message.id);
  request.call = call;
  request.tool = step.judgement.call.tool;
  request.round = round;
  NoteOrigin(request, step, asks);
  // A stream changes nothing, and has no answer that the others could wait for.
  if (!MayChangeConfig(step.judgement) || request.IsStream()) return;
  context_.session.SetConfigPending(request);
  if (!ChangesConfig(step.judgement)) return;
  request.makes_no_task = true;
  if (auto less = WithoutTasks(step.message)) step.message = *std::move(less);
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
  // Once is enough, or cancelling could fill what a stalled server is to read.
  if (request == nullptr || request->cancelled ||
      request->method == "initialize") {
    return Refuse(RefuseMessage(message, Code::kNotInFlight, kInvalidParams,
                                "it cancels no request in flight"),
                  bytes);
  }
  if (IsTooMuchNow(message)) return RefuseBusy(message, bytes);
  Step step;
  step.kind = Step::Kind::kCancel;
  step.message = std::move(message);
  step.cancelled = id;
  step.DropValue();
  return step;
}

}  // namespace gatehouse
