// SPDX-License-Identifier: Apache-2.0
#pragma once
// Argument names that only resemble one that matters: Go servers decode
// arguments without regard to case, so such a name must not pass (protocol.md
// 2.1, 7). What each tool declares is known from its server's own tools/list
// (catalogue.h), and believed for refusing only.

#include <string>
#include <string_view>
#include <vector>

#include "policy/json_value_fwd.h"

namespace gatehouse {

// The arguments whose names resemble, without being identical, a declared name
// of the tool or a name that policy depends on. `declared` (may be nullptr) is
// what the tool declares; an argument that is itself declared there is not
// suspicious. The views borrow from `arguments`.
std::vector<std::string_view> FindLookalikes(
    const JsonValue& arguments, const std::vector<std::string>* declared);

}  // namespace gatehouse
