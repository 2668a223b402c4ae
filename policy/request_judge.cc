// SPDX-License-Identifier: Apache-2.0
#include "policy/request_judge.h"

#include <optional>

#include "policy/fence.h"
#include "policy/rule_index.h"

namespace gatehouse {
namespace {

// Of two that match and say the same the one that does not count stands, then
// the one that reveals, whatever their order.
bool StandsBefore(const CompiledRule& a, const CompiledRule& b) {
  if (a.limit.has_value() != b.limit.has_value()) return !a.limit.has_value();
  return a.reveal && !b.reveal;
}

// The candidate rules sorted by what they say.
struct Tally {
  const CompiledRule* ask = nullptr;
  const CompiledRule* allow = nullptr;
  const CompiledRule* unknown_ask = nullptr;
  const CompiledRule* unknown_grant = nullptr;  // an allow or ask, nearly
  const CompiledRule* unnamed = nullptr;        // only the naming is missing
  const CompiledRule* near = nullptr;           // the last that did not match
  RuleMatch unknown_match;
  RuleMatch near_match;

  void Add(const CompiledRule& rule, RuleMatch match) {
    const bool ask_rule = rule.effect == Effect::kAsk;
    switch (match.truth) {
      case Truth::kTrue:
        if (const CompiledRule*& slot = ask_rule ? ask : allow;
            slot == nullptr || StandsBefore(rule, *slot)) {
          slot = &rule;
        }
        return;
      case Truth::kUnknown:
        if (ask_rule && unknown_ask == nullptr) unknown_ask = &rule;
        if (unknown_grant == nullptr) {
          unknown_grant = &rule;
          unknown_match = match;
        }
        return;
      case Truth::kFalse:
        if (match.field == Field::kSensitive) unnamed = &rule;
        if (match.field > near_match.field) {
          near = &rule;
          near_match = match;
        }
        return;
    }
  }
};

Outcome Decided(Effect effect, Code code, const CompiledRule* rule,
                RuleMatch match) {
  return {effect, code, rule, true, match};
}

Outcome NothingAllows(const Tally& tally, const Request& request,
                      const CallFacts& facts) {
  if (request.verb == Verb::kUnclear) {
    return {Effect::kDeny, NotUnderstoodCode(facts.call), nullptr, false, {}};
  }
  if (tally.unknown_grant != nullptr) {
    return {Effect::kDeny, Code::kUnclear, tally.unknown_grant, false,
            tally.unknown_match};
  }
  if (tally.unnamed != nullptr) {
    return {Effect::kDeny, Code::kSensitive, tally.unnamed, false, {}};
  }
  return {Effect::kDeny, Code::kNoRule, tally.near, false, tally.near_match};
}

// One request against rules that come strictest first.
class RuleJudge {
 public:
  RuleJudge(const CompiledPolicy& policy, const Request& request,
            const CallFacts& facts, RuleSet rules) noexcept
      : policy_(policy), request_(request), facts_(facts), rules_(rules) {}

  // False where no further rule can change the outcome.
  bool Add(std::uint32_t index) noexcept {
    const CompiledRule& rule = policy_.rules[index];
    if (rule.observe && rules_ == RuleSet::kEnforced) return true;
    const RuleMatch match = MatchRule(policy_, rule, request_, facts_);
    if (rule.effect == Effect::kDeny) {
      if (match.truth == Truth::kFalse) return true;
      denied_ = Decided(Effect::kDeny, Code::kDeniedByRule, &rule, match);
      return false;
    }
    tally_.Add(rule, match);
    // Asks stand before allows, and of allows the one that gives most.
    const CompiledRule* allow = tally_.allow;
    return allow == nullptr || allow->limit ||
           (policy_.has_reveals && !allow->reveal);
  }

  Outcome Result() const noexcept {
    if (denied_) return *denied_;
    const RuleMatch sure{Truth::kTrue, Field::kNone};
    if (tally_.ask != nullptr) {
      return Decided(Effect::kAsk, Code::kApprovalUnavailable, tally_.ask,
                     sure);
    }
    if (tally_.allow == nullptr) return NothingAllows(tally_, request_, facts_);
    if (tally_.unknown_ask != nullptr) {
      return Decided(Effect::kDeny, Code::kUnclear, tally_.unknown_ask,
                     tally_.unknown_match);
    }
    return Decided(Effect::kAllow, Code::kAllowed, tally_.allow, sure);
  }

 private:
  const CompiledPolicy& policy_;
  const Request& request_;
  const CallFacts& facts_;
  const RuleSet rules_;
  Tally tally_;
  std::optional<Outcome> denied_;
};

Outcome JudgeByRules(const CompiledPolicy& policy, const Request& request,
                     const CallFacts& facts, RuleSet rules) noexcept {
  RuleJudge judge(policy, request, facts, rules);
  if (auto placed = CandidatesInPlace(policy.index, request)) {
    std::uint32_t index = 0;
    while (placed->Next(index) && judge.Add(index)) {
    }
    return judge.Result();
  }
  for (const std::uint32_t index : CandidatesFor(policy.index, request)) {
    if (!judge.Add(index)) break;
  }
  return judge.Result();
}

}  // namespace

bool IsReadingDryRun(const CompiledPolicy& policy,
                     const Request& request) noexcept {
  constexpr VerbSet kTried =
      SetOf(Verb::kCreate) | SetOf(Verb::kUpdate) | SetOf(Verb::kPatch);
  return policy.dry_run_reads && request.dry_run &&
         Contains(kTried, request.verb);
}

Code NotUnderstoodCode(const Classification& call) noexcept {
  const bool unknown_tool = call.asked == Asked::kToolCall && !call.known_tool;
  return unknown_tool ? Code::kUnknownTool : Code::kUnclear;
}

namespace {

// A resource or a prompt that no profile knows may read anything, and is a read
// in MCP all the same: of the fences, `protect` keeps it from nothing.
bool IsProtectedForNothing(FenceCheck fence, const Request& request,
                           const CallFacts& facts) noexcept {
  return fence.code == Code::kProtected && request.verb == Verb::kUnclear &&
         facts.call.asked != Asked::kToolCall;
}

}  // namespace

Outcome JudgeRequest(const CompiledPolicy& policy, const Request& request,
                     const CallFacts& facts, RuleSet rules) noexcept {
  const FenceCheck fence = CheckFences(policy, request);
  if (fence.answer == FenceAnswer::kOutside) {
    return {Effect::kDeny, fence.code, nullptr, false, {}};
  }
  const Outcome outcome = JudgeByRules(policy, request, facts, rules);
  if (fence.answer == FenceAnswer::kInside ||
      IsProtectedForNothing(fence, request, facts)) {
    return outcome;
  }
  // Stopped only since something is not known. Where the rules refuse too,
  // theirs is the better reason to give.
  if (outcome.effect == Effect::kDeny) return outcome;
  return {Effect::kDeny, fence.code, nullptr, false, {}};
}

Outcome WithNearestRule(const CompiledPolicy& policy, const Request& request,
                        const CallFacts& facts, Outcome outcome) noexcept {
  if (outcome.code != Code::kNoRule) return outcome;
  RuleJudge judge(policy, request, facts, RuleSet::kEnforced);
  for (const std::uint32_t index : CandidatesFor(policy.index, request)) {
    judge.Add(index);
  }
  const Outcome all = judge.Result();
  outcome.rule = all.rule;
  outcome.match = all.match;
  return outcome;
}

}  // namespace gatehouse
