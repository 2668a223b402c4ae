// SPDX-License-Identifier: Apache-2.0
#pragma once
// One request judged: fences, then deny > ask > allow over the rules
// (policy.md "Deciding" 3 and 6). engine.cc puts the requests of a call
// together; sentence.cc puts the outcome into words. Nothing here allocates or
// fails.

#include "policy/compiled_policy.h"
#include "policy/rule_match.h"

namespace gatehouse {

// Whether rules in `mode: observe` take part.
enum class RuleSet : std::uint8_t { kEnforced = 0, kAll };

struct Outcome {
  Effect effect = Effect::kDeny;
  Code code = Code::kNoPolicy;
  // The rule that decided, or that came nearest to allowing; may be nullptr.
  const CompiledRule* rule = nullptr;
  bool decided_by_rule = false;  // `rule` decided
  RuleMatch match;               // how `rule` met the request
};

// A server's dry run that the policy takes for the read that it amounts to:
// what comes back is the object.
bool IsReadingDryRun(const CompiledPolicy& policy,
                     const Request& request) noexcept;

// What is not understood at all: an unknown tool, or else unclear.
Code NotUnderstoodCode(const Classification& call) noexcept;

Outcome JudgeRequest(const CompiledPolicy& policy, const Request& request,
                     const CallFacts& facts, RuleSet rules) noexcept;

// For the one refusal that is put into words: where no rule allows the request,
// which came nearest, those of other namespaces too, which judging leaves out.
Outcome WithNearestRule(const CompiledPolicy& policy, const Request& request,
                        const CallFacts& facts, Outcome outcome) noexcept;

}  // namespace gatehouse
