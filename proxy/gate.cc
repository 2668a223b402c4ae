// SPDX-License-Identifier: Apache-2.0
// Three passes over a batch. Take: each frame becomes a step, the records of
// what needs one are collected. Write: all of them, one commit. Settle: steps
// become verdicts. Only the last pass can forward, and it knows whether the
// records are durable: nothing can leave by an early return. Steps whose record
// must be on the disk wait between the last two, until their sync has ended;
// nothing else waits with them.
#include "proxy/gate.h"

#include <algorithm>
#include <string>
#include <utility>

#include "proxy/intake.h"
#include "proxy/rate_limit.h"
#include "proxy/reply.h"
#include "proxy/waiting_steps.h"

namespace gatehouse {
namespace {

constexpr std::int64_t kNamelessAnswers = 64;

Verdict Forward(std::string canonical) {
  canonical += '\n';
  return {Verdict::Kind::kForward, std::move(canonical)};
}

}  // namespace

struct Gate::State {
  explicit State(const GateContext& given) : context(given), intake(given) {}

  bool Write(const std::vector<Step>& steps);
  bool MustReachDisk(const Step& step) const;
  void KeepRefused();
  void Warn(const Error& error);

  std::vector<Verdict> Finish(std::vector<Step> steps);
  Verdict Place(Step& step);
  Verdict Settle(Step& step);
  Verdict SettleCall(Step& step);
  Verdict SettleCancel(Step& step);
  Verdict Answer(const Refusal& refusal, audit::Sequence record);
  Verdict Deny(const Step& step, const Decision& decision,
               audit::Sequence record);

  std::optional<audit::Synced> TakeSynced();
  void SettleSynced(std::vector<Verdict>& verdicts);
  Verdict SettleWaiting(WaitingStep& waiting, const Status& synced);
  void Withdraw(const RpcId& id, std::string_view why);
  void RecordCancelled(const InFlight& request, std::string_view why);

  GateContext context;
  Intake intake;
  RateLimit nameless{kNamelessAnswers};
  WaitingSteps waiting;
  std::uint64_t asked = 0;  // the newest sync, and the newest that has ended
  std::uint64_t ended = 0;
  // Of the batch in hand.
  std::vector<audit::Sequence> sequences;
  bool written = false;
  std::optional<audit::Synced> at_once;  // how its sync ended, if it has
};

// What a call could change must not happen before the disk knows of it.
bool Gate::State::MustReachDisk(const Step& step) const {
  return step.record.has_value() &&
         (step.changes || context.durability == audit::Durability::kFull);
}

// Whether the batch's records are written: they survive this process. Those
// that must survive a power cut, too, are on their way.
bool Gate::State::Write(const std::vector<Step>& steps) {
  sequences.clear();
  at_once.reset();
  if (intake.records().empty()) return true;
  auto result = context.trail.Write(intake.records());
  if (!result.ok()) {
    Warn(result.error());
    KeepRefused();
    return false;
  }
  sequences = std::move(result).value();
  const bool waits =
      std::any_of(steps.begin(), steps.end(),
                  [this](const Step& step) { return MustReachDisk(step); });
  if (!waits) return true;
  asked = context.trail.StartSync();
  // Nothing overtakes what waits from before.
  if (waiting.empty()) at_once = TakeSynced();
  if (at_once && at_once->through < asked) at_once.reset();
  return true;
}

void Gate::State::Warn(const Error& error) {
  if (!context.warn) return;
  context.warn("the trail cannot be written, every call is refused: " +
               error.sentence);
}

// What was asked meanwhile is not forgotten: it is recorded, as the refusal it
// became, when the trail can be written again.
void Gate::State::KeepRefused() {
  for (audit::Record& record : intake.records()) {
    if (!record.call.empty()) {
      record.decision = GuardDenies(Code::kAuditUnavailable);
      record.arguments.clear();
    }
    context.trail.Queue(std::move(record));
  }
}

// `record`: 0 where it was not written.
Verdict Gate::State::Answer(const Refusal& refusal, audit::Sequence record) {
  if (refusal.notification) return {};
  if (refusal.as_result) {
    Decision decision = GuardDenies(refusal.code);
    decision.sentence = refusal.sentence;
    return {Verdict::Kind::kAnswer,
            DeniedResult(*refusal.id, *refusal.as_result,
                         {decision, {}, "", record})};
  }
  if (!refusal.id.has_value() &&
      !nameless.Allow(context.clock.MonotonicNow())) {
    return {};
  }
  return {Verdict::Kind::kAnswer, ErrorLine(refusal.id, refusal.rpc_code,
                                            refusal.code, refusal.sentence)};
}

Verdict Gate::State::Deny(const Step& step, const Decision& decision,
                          audit::Sequence record) {
  const RpcId& id = *step.message.id;
  const Denial denial{decision, step.judgement.call.requests,
                      step.judgement.policy_hash, record};
  return {Verdict::Kind::kAnswer, step.as_tool
                                      ? DeniedResult(id, step.era, denial)
                                      : DeniedError(id, denial)};
}

Verdict Gate::State::SettleCall(Step& step) {
  const RpcId& id = *step.message.id;
  if (!written) {
    context.session.Take(id);
    return Deny(step, GuardDenies(Code::kAuditUnavailable), 0);
  }
  const audit::Sequence record = sequences[*step.record];
  if (!step.judgement.decision.Passes()) {
    return Deny(step, step.judgement.decision, record);
  }
  if (InFlight* request = context.session.Find(id)) request->record = record;
  return Forward(std::move(step.message.canonical));
}

Verdict Gate::State::SettleCancel(Step& step) {
  InFlight* request = context.session.Find(*step.cancelled);
  if (request == nullptr) return {};  // its call was not forwarded after all
  if (request->cancelled) return {};  // by an earlier frame of this batch
  if (request->waits) {
    Withdraw(*step.cancelled, "it was cancelled before it was forwarded");
    return {};
  }
  if (const auto forgotten = context.session.NoteCancelled(
          *request, context.clock.MonotonicNow())) {
    RecordCancelled(*forgotten, "no answer came");
  }
  return Forward(std::move(step.message.canonical));
}

Verdict Gate::State::Settle(Step& step) {
  switch (step.kind) {
    case Step::Kind::kDrop:
      return {};
    case Step::Kind::kRefuse:
      return Answer(step.refusal, written ? sequences[*step.record] : 0);
    case Step::Kind::kPass:
      return Forward(std::move(step.message.canonical));
    case Step::Kind::kCancel:
      return SettleCancel(step);
    case Step::Kind::kCall:
      return SettleCall(step);
  }
  return {};
}

// The call is recorded as allowed and is not made: that is its end.
void Gate::State::Withdraw(const RpcId& id, std::string_view why) {
  const auto request = context.session.Take(id);
  if (!request) return;
  waiting.Remove(request->call);
  RecordCancelled(*request, why);
}

void Gate::State::RecordCancelled(const InFlight& request,
                                  std::string_view why) {
  if (!request.IsJudged()) return;
  audit::Record record =
      intake.make().OfOutcome(request, audit::Outcome::kCancelled);
  record.detail = why;
  context.trail.Queue(std::move(record));
}

std::optional<audit::Synced> Gate::State::TakeSynced() {
  std::optional<audit::Synced> synced = context.trail.TakeSynced();
  if (!synced) return synced;
  ended = synced->through;
  if (!synced->status.ok()) Warn(synced->status.error());
  return synced;
}

void Gate::State::SettleSynced(std::vector<Verdict>& verdicts) {
  while (ended < asked) {
    const std::optional<audit::Synced> synced = TakeSynced();
    if (!synced) return;
    for (WaitingStep& each : waiting.TakeThrough(synced->through)) {
      verdicts.push_back(SettleWaiting(each, synced->status));
    }
  }
}

// A call that is not in flight any more was cancelled, or its server is gone:
// its client has heard so.
Verdict Gate::State::SettleWaiting(WaitingStep& each, const Status& synced) {
  Step& step = each.step;
  if (step.kind == Step::Kind::kRefuse) {
    return Answer(step.refusal, each.record);
  }
  if (!step.judgement.decision.Passes()) {
    return Deny(step, step.judgement.decision, each.record);
  }
  InFlight* const request = context.session.Find(*step.message.id);
  if (request == nullptr || request->call != each.call) return {};
  request->waits = false;
  if (synced.ok()) return Forward(std::move(step.message.canonical));
  Withdraw(*step.message.id,
           "it was not forwarded: its record did not reach the disk");
  return Deny(step, GuardDenies(Code::kAuditUnavailable), each.record);
}

Verdict Gate::State::Place(Step& step) {
  if (!written || !MustReachDisk(step)) return Settle(step);
  WaitingStep each;
  each.sync = asked;
  each.record = sequences[*step.record];
  if (step.kind == Step::Kind::kCall && step.judgement.decision.Passes()) {
    InFlight* const request = context.session.Find(*step.message.id);
    if (request == nullptr) return {};
    request->record = each.record;
    request->waits = true;
    each.call = request->call;
  }
  each.step = std::move(step);
  if (at_once) return SettleWaiting(each, at_once->status);
  waiting.Add(std::move(each));
  return {};
}

std::vector<Verdict> Gate::State::Finish(std::vector<Step> steps) {
  written = Write(steps);
  std::vector<Verdict> verdicts;
  verdicts.reserve(steps.size());
  for (Step& step : steps) verdicts.push_back(Place(step));
  return verdicts;
}

Gate::Gate(const GateContext& context)
    : state_(std::make_unique<State>(context)) {}
Gate::~Gate() = default;

std::vector<Verdict> Gate::Handle(std::span<const Frame> frames) {
  state_->intake.Begin();
  std::vector<Step> steps;
  steps.reserve(frames.size());
  for (const Frame& frame : frames) steps.push_back(state_->intake.Take(frame));
  return state_->Finish(std::move(steps));
}

std::vector<Verdict> Gate::Release() {
  std::vector<Verdict> verdicts;
  state_->SettleSynced(verdicts);
  Session& session = state_->context.session;
  if (session.held().empty() ||
      session.ConfigPending(state_->context.clock.MonotonicNow())) {
    return verdicts;
  }
  state_->intake.Begin();
  std::vector<Step> steps;
  // One of them may hold those after it again.
  for (HeldCall& call : session.held().TakeAll()) {
    steps.push_back(state_->intake.TakeHeld(std::move(call)));
  }
  for (Verdict& verdict : state_->Finish(std::move(steps))) {
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

bool Gate::waiting() const { return !state_->waiting.empty(); }

bool Gate::full() const { return state_->waiting.full(); }

void Gate::OnUnfinished(std::string_view bytes) {
  Refusal refusal;
  refusal.sentence = "the client ended in the middle of a line";
  state_->context.trail.Queue(
      state_->intake.make().OfRefusal(refusal, bytes.size()));
}

}  // namespace gatehouse
