// SPDX-License-Identifier: Apache-2.0
#include "policy/could_allow.h"

#include <algorithm>

#include "policy/fence.h"
#include "policy/request_judge.h"
#include "policy/rule_index.h"
#include "policy/rule_match.h"

namespace gatehouse {
namespace {

// An ask counts as an allow: a person may say yes.
bool RulesCouldAllow(const CompiledPolicy& policy, const Request& request,
                     const CallFacts& facts) {
  bool could = false;
  for (std::uint32_t index : CandidatesFor(policy.index, request)) {
    const CompiledRule& rule = policy.rules[index];
    if (rule.observe) continue;
    const Truth truth = MatchRule(policy, rule, request, facts).truth;
    if (rule.effect != Effect::kDeny) {
      could = could || truth != Truth::kFalse;
    } else if (truth == Truth::kTrue) {
      return false;
    }
  }
  return could;
}

bool RequestCould(const CompiledPolicy& policy, const Request& request,
                  const CallFacts& facts) {
  return !SurelyOutside(policy, request) &&
         RulesCouldAllow(policy, request, facts);
}

// What rules say of a verb depends on it in more ways than matching (fences,
// sensitive resources), so that an unknown one is tried as each.
bool AlternativeCould(const CompiledPolicy& policy, const Request& request,
                      const CallFacts& facts) {
  Request tried = request;
  if (request.verb != Verb::kUnknown) {
    if (IsReadingDryRun(policy, request)) tried.verb = Verb::kGet;
    return RequestCould(policy, tried, facts);
  }
  for (std::size_t verb = 1; verb < kVerbCount; ++verb) {
    tried.verb = static_cast<Verb>(verb);
    if (RequestCould(policy, tried, facts)) return true;
  }
  return false;
}

// Some of its parts could pass, and all of those that it must have.
bool StepCould(const CompiledPolicy& policy, const PossibleStep& step,
               const CallFacts& facts) {
  bool could = false;
  for (const PossiblePart& part : step.parts) {
    const bool part_could = std::any_of(
        part.alternatives.begin(), part.alternatives.end(),
        [&](const Request& r) { return AlternativeCould(policy, r, facts); });
    if (part.certain && !part_could) return false;
    could = could || part_could;
  }
  return could;
}

}  // namespace

bool CouldAllow(const CompiledPolicy& policy, const PossibleCall& call,
                const Subject& subject, UtcTime time) noexcept {
  if (policy.mode == Mode::kObserve) return true;
  const CallFacts facts{call.facts, subject, time, Question::kCouldAllow};
  // Any call can be made unclear by its arguments, and some policies let
  // unclear calls of a tool through.
  Request unclear;
  unclear.verb = Verb::kUnclear;
  if (RequestCould(policy, unclear, facts)) return true;
  bool could = false;
  for (const PossibleStep& step : call.steps) {
    const bool step_could = StepCould(policy, step, facts);
    if (step.certain && !step_could) return false;
    could = could || step_could;
  }
  return could;
}

}  // namespace gatehouse
