// SPDX-License-Identifier: Apache-2.0
#pragma once
// What stands before the rules: scope.contexts, scope.namespaces and protect
// (policy.md "Deciding" 3-5). No rule lets anything past them. Nothing here
// allocates or fails.

#include "policy/compiled_policy.h"

namespace gatehouse {

enum class FenceAnswer : std::uint8_t {
  kOutside = 0,
  kOutsideUnknown,  // outside because a field of the request is not known
  kInside,
};

// The first fence that stops the request and how; `code` is kAllowed inside.
struct FenceCheck {
  FenceAnswer answer = FenceAnswer::kInside;
  Code code = Code::kAllowed;
};

// Whether a request to this context passes the fences of contexts.
bool ContextInScope(const CompiledPolicy& policy,
                    std::string_view context) noexcept;

FenceCheck CheckFences(const CompiledPolicy& policy,
                       const Request& request) noexcept;

// Whether some fence stops the request whatever its unknown fields are.
bool SurelyOutside(const CompiledPolicy& policy,
                   const Request& request) noexcept;

}  // namespace gatehouse
