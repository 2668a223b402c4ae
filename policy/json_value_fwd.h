// SPDX-License-Identifier: Apache-2.0
#pragma once
// The name of the JSON value type, for headers that only pass it on. Its whole
// definition (policy/json_value.h) is the dearest header to compile that we
// have: a second for each file that comes by it.

#include <nlohmann/json_fwd.hpp>

namespace gatehouse {

// Keeps members in the order they were written.
using JsonValue = nlohmann::ordered_json;

}  // namespace gatehouse
