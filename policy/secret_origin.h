// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which requests bring secrets by what they ask for, whatever the answer looks
// like: a bare base64 string has no mark of its own. The engine decides by it
// what `reveal: true` lifts, audit/redact masks by it. A pure table.

#include "policy/request.h"

namespace gatehouse {

// Whether the answer to it, or its own arguments, may hold secrets: Secrets
// (also where the resource is not known), tokens, the kubeconfig. Not helm's
// records of releases: what helm prints of them is told by its structure.
bool BringsSecrets(const Request& request) noexcept;

}  // namespace gatehouse
