// SPDX-License-Identifier: Apache-2.0
#pragma once
// Policies with one thing wrong, to try the cases of `policy test` on: each
// rule's effect turned round, and each field that narrows a rule or its
// exception left out. A mutant that no case notices is a rule that nobody
// would miss. `limit` has none: a case is one call, and cannot count. Pure.

#include <functional>
#include <string>
#include <vector>

#include "policy/rule.h"

namespace gatehouse {

struct Mutant {
  std::string change;  // "allow made deny", "without names", …
  RuleSource rule;
  std::vector<RuleFile> files;
};

// One after another, since each holds the whole policy: for each rule of
// `files` (outermost first), in order.
void ForEachMutant(const std::vector<RuleFile>& files,
                   const std::function<void(const Mutant&)>& visit);

}  // namespace gatehouse
