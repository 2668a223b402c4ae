// SPDX-License-Identifier: Apache-2.0
#pragma once
// Decisions in words: one sentence that a person and a model can act on, with
// what was asked, why it is refused, and what would be allowed. Decides
// nothing.

#include <string>

#include "policy/compiled_policy.h"
#include "policy/request_judge.h"

namespace gatehouse {

// `Deleting pods "web-0" in namespace "dev" is not allowed: no rule of policy
// "read-only" allows it; reading is allowed.`
std::string SentenceOf(const CompiledPolicy& policy, const Request& request,
                       const CallFacts& facts, const Outcome& outcome);

// `This call of "pods_list"`, `resources/read of the resource "k8s://dev/pods"`
std::string AskedPhrase(const Classification& call);

// For a call that is refused as a whole: its requests do not say what it does,
// or the clock is wrong.
std::string CallSentence(const Classification& call, Code code);

}  // namespace gatehouse
