// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes a JSON value small while it keeps a property: the minimal call that a
// find of the hunt is told with. Greedy; knows nothing of calls.

#include <functional>
#include <vector>

#include "policy/json_value_fwd.h"

namespace gatehouse::testing {

// Values that are one step smaller, the boldest first: members and elements
// left out, texts halved, then cut by a line, a word, a character.
std::vector<JsonValue> Smaller(const JsonValue& value);

// `keeps` holds for `value`; the answer is a value for which it holds and,
// unless `tries` ran out, for no step from it.
JsonValue Shrink(JsonValue value,
                 const std::function<bool(const JsonValue&)>& keeps, int tries);

}  // namespace gatehouse::testing
