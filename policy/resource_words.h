// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a word under `resources` means: aliases, kinds, TYPE.GROUP, categories
// and globs, resolved through the resource table when a policy is compiled.

#include <string_view>
#include <vector>

#include "policy/compiled_policy.h"
#include "policy/result.h"

namespace gatehouse {

// One pattern per resource type that the word may mean (`events` means two).
// The error's sentence is a clause for an issue, with the nearest valid word.
// `extra_verbs` is left 0.
Result<std::vector<ResourcePattern>> ResolveResourceWord(
    std::string_view word, const KubernetesTables& tables);

}  // namespace gatehouse
