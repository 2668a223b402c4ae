// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a rule's resources meet a request, three-valued, and whether they name a
// sensitive one. Inside of rule_match; allocates nothing and cannot fail.

#include "policy/compiled_policy.h"

namespace gatehouse {

// One resource word. `named_verbs`: the rule's, since `allow: exec` on pods
// names pods/exec.
Truth MatchResource(const ResourcePattern& pattern, const Request& request,
                    VerbSet named_verbs) noexcept;

// Whether the rule covers whatever is sensitive about the request: an allow or
// ask must name it exactly.
Truth CoversSensitive(const CompiledPolicy& policy, const CompiledRule& rule,
                      const Request& request) noexcept;

}  // namespace gatehouse
