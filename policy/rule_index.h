// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which rules can match a verb, a resource and a namespace at all: what keeps
// Decide under 50 µs at 200 rules and 40 requests. An index only leaves out
// rules that MatchRule would find false; it never decides.

#include <optional>
#include <vector>

#include "policy/compiled_policy.h"

namespace gatehouse {

VerbIndexes IndexRules(const std::vector<CompiledRule>& rules);

// Denies first, then asks, then allows. Borrowed from `index`.
const RuleList& CandidatesFor(const VerbIndexes& index,
                              const Request& request) noexcept;

// Of these, those that its namespace and name leave; nullopt for all of them:
// the request is not of one known namespace.
std::optional<PlacedCandidates> CandidatesInPlace(
    const VerbIndexes& index, const Request& request) noexcept;

}  // namespace gatehouse
