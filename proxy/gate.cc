// SPDX-License-Identifier: Apache-2.0
// Three passes over a batch. Take: each frame becomes a step, the records of
// what needs one are collected. Write: all of them, one commit. Settle: steps
// become verdicts. Only the last pass can forward, and it knows whether the
// records are durable: nothing can leave by an early return.
#include "proxy/gate.h"

#include <string>
#include <utility>

#include "proxy/intake.h"
#include "proxy/rate_limit.h"
#include "proxy/reply.h"

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

  bool Write();
  void KeepRefused();

  std::vector<Verdict> Finish(std::vector<Step> steps);
  Verdict Settle(Step& step);
  Verdict SettleCall(Step& step);
  Verdict SettleCancel(Step& step);
  Verdict Answer(const Refusal& refusal);

  GateContext context;
  Intake intake;
  RateLimit nameless{kNamelessAnswers};
  // Of the batch in hand.
  std::vector<audit::Sequence> sequences;
  bool written = false;
};

// Whether the batch's records are durable.
bool Gate::State::Write() {
  sequences.clear();
  if (intake.records().empty()) return true;
  const audit::Durability durability =
      intake.needs_full() ? audit::Durability::kFull : context.durability;
  auto result = context.trail.Write(intake.records(), durability);
  if (result.ok()) {
    sequences = std::move(result).value();
    return true;
  }
  if (context.warn) {
    context.warn("the trail cannot be written, every call is refused: " +
                 result.error().sentence);
  }
  KeepRefused();
  return false;
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

Verdict Gate::State::Answer(const Refusal& refusal) {
  if (refusal.notification) return {};
  if (!refusal.id.has_value() &&
      !nameless.Allow(context.clock.MonotonicNow())) {
    return {};
  }
  return {Verdict::Kind::kAnswer, ErrorLine(refusal.id, refusal.rpc_code,
                                            refusal.code, refusal.sentence)};
}

Verdict Gate::State::SettleCall(Step& step) {
  const RpcId& id = *step.message.id;
  Decision& decision = step.judgement.decision;
  if (!written) {
    context.session.Take(id);
    decision = GuardDenies(Code::kAuditUnavailable);
  }
  const audit::Sequence record = written ? sequences[*step.record] : 0;
  if (decision.Passes()) {
    if (InFlight* request = context.session.Find(id)) request->record = record;
    return Forward(std::move(step.message.canonical));
  }
  const Denial denial{decision, step.judgement.call.requests,
                      step.judgement.policy_hash, record};
  return {Verdict::Kind::kAnswer,
          step.message.AnswersAsTool()
              ? DeniedResult(id, EraOf(step.message), denial)
              : DeniedError(id, denial)};
}

Verdict Gate::State::SettleCancel(Step& step) {
  InFlight* request = context.session.Find(*step.cancelled);
  if (request == nullptr) return {};  // its call was not forwarded after all
  if (request->cancelled) return {};  // by an earlier frame of this batch
  context.session.NoteCancelled(*request, context.clock.MonotonicNow());
  return Forward(std::move(step.message.canonical));
}

Verdict Gate::State::Settle(Step& step) {
  switch (step.kind) {
    case Step::Kind::kDrop:
      return {};
    case Step::Kind::kRefuse:
      return Answer(step.refusal);
    case Step::Kind::kPass:
      return Forward(std::move(step.message.canonical));
    case Step::Kind::kCancel:
      return SettleCancel(step);
    case Step::Kind::kCall:
      return SettleCall(step);
  }
  return {};
}

Gate::Gate(const GateContext& context)
    : state_(std::make_unique<State>(context)) {}
Gate::~Gate() = default;

std::vector<Verdict> Gate::State::Finish(std::vector<Step> steps) {
  written = Write();
  std::vector<Verdict> verdicts;
  verdicts.reserve(steps.size());
  for (Step& step : steps) verdicts.push_back(Settle(step));
  return verdicts;
}

std::vector<Verdict> Gate::Handle(std::span<const Frame> frames) {
  state_->intake.Begin();
  std::vector<Step> steps;
  steps.reserve(frames.size());
  for (const Frame& frame : frames) steps.push_back(state_->intake.Take(frame));
  return state_->Finish(std::move(steps));
}

std::vector<Verdict> Gate::Release() {
  Session& session = state_->context.session;
  if (session.held().empty() ||
      session.ConfigPending(state_->context.clock.MonotonicNow())) {
    return {};
  }
  state_->intake.Begin();
  std::vector<Step> steps;
  // One of them may hold those after it again.
  for (HeldCall& call : session.held().TakeAll()) {
    steps.push_back(state_->intake.TakeHeld(std::move(call)));
  }
  return state_->Finish(std::move(steps));
}

void Gate::OnUnfinished(std::string_view bytes) {
  Refusal refusal;
  refusal.sentence = "the client ended in the middle of a line";
  state_->context.trail.Queue(
      state_->intake.make().OfRefusal(refusal, bytes.size()));
}

}  // namespace gatehouse
