// SPDX-License-Identifier: Apache-2.0
#pragma once
// The text that a policy in force is known by, and its hash: kept in the trail,
// so that a decision can be judged again years later. Inside of rule_compiler.

#include <string>
#include <string_view>
#include <vector>

#include "policy/rule.h"
#include "policy/rule_compiler.h"

namespace gatehouse {

// "sha256:…"
std::string HashOf(std::string_view text);

// The outermost file as it stands, so that `sha256sum` of a policy that stands
// alone gives its hash; then what it extends, what --set said, and the system
// policy with what that extends.
std::string PolicyText(const std::vector<RuleFile>& files,
                       const CompileOptions& options);

}  // namespace gatehouse
