// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words that stand under allow, ask and deny: verbs and the groups of
// policy.md "Verbs and groups". No group but `any` contains exec, forward,
// raw, impersonate, escalate, config, local or fetch.

#include <optional>
#include <string_view>
#include <vector>

#include "policy/compiled_policy.h"

namespace gatehouse {

// The verbs of a word, nullopt where it is neither verb nor group.
std::optional<VerbSet> VerbsOfWord(std::string_view word);
// For did-you-mean.
const std::vector<std::string_view>& VerbWords();

// get, list, watch, discover: what `protect` lets pass.
inline constexpr VerbSet kReadingVerbs =
    SetOf(Verb::kGet) | SetOf(Verb::kList) | SetOf(Verb::kWatch) |
    SetOf(Verb::kDiscover);

}  // namespace gatehouse
