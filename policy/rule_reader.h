// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the text of a policy to words with positions (rule.h). Checks what can
// be seen in one file alone: fields, types, verbs, ids, patterns; all faults at
// once. What needs the resource table or other files is rule_compiler's.

#include <functional>
#include <string_view>
#include <vector>

#include "policy/result.h"
#include "policy/rule.h"

namespace gatehouse {

// Never throws. Where `issues` has errors afterwards, the file must not be
// compiled; what could be read is there all the same, so that further faults
// can be looked for.
RuleFile ReadRules(const SourceText& source, Issues& issues);

// Loads the text of an extended policy: `name` as it stands under `extends`,
// `from` the name of the file that it stands in. Called once per entry.
using LoadExtended = std::function<Result<SourceText>(std::string_view name,
                                                      std::string_view from)>;

// The file and everything that it extends, outermost first; a file that is
// reached twice (known by its SourceText.name) stands there once. Cycles and
// files that cannot be loaded are issues at the word under `extends`.
std::vector<RuleFile> ResolveExtends(RuleFile outermost,
                                     const LoadExtended& load, Issues& issues);

}  // namespace gatehouse
