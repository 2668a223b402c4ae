// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether any call of a tool could be let through: what decides if the tool is
// listed. Errs towards yes, since a hidden tool is one that nobody can use; a
// listed one is judged at each call all the same. The path is that of Decide
// (fences, then the same MatchRule), read the other way round: what is unknown
// may turn out well. Nothing here allocates beyond one request, or fails.

#include "policy/compiled_policy.h"
#include "policy/request.h"

namespace gatehouse {

bool CouldAllow(const CompiledPolicy& policy, const PossibleCall& call,
                const Subject& subject, UtcTime time) noexcept;

}  // namespace gatehouse
