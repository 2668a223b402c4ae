// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which rules can match a verb and a resource at all: what keeps Decide under
// 50 µs at 200 rules and 40 requests. An index only leaves out rules that
// MatchRule would find false; it never decides.

#include <array>
#include <vector>

#include "policy/compiled_policy.h"

namespace gatehouse {

std::array<VerbIndex, kVerbCount> IndexRules(
    const std::vector<CompiledRule>& rules);

// Denies first, then asks, then allows. Borrowed from `index`.
const RuleList& CandidatesFor(const std::array<VerbIndex, kVerbCount>& index,
                              const Request& request) noexcept;

}  // namespace gatehouse
