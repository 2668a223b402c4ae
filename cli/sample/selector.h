// SPDX-License-Identifier: Apache-2.0
#pragma once
// Label and field selectors as clients of the sample cluster write them.

#include <string_view>

#include "policy/json_value_fwd.h"

namespace gatehouse::sample {

// `a=b`, `a==b`, `a!=b`, `a`, `!a`, `a in (b,c)`, `a notin (b,c)`, joined by
// commas; "" matches everything. What is not understood matches nothing.
bool MatchesLabels(std::string_view selector, const JsonValue& object);
// `path.to.field=value`, `==`, `!=`, joined by commas; "" matches everything.
bool MatchesFields(std::string_view selector, const JsonValue& object);

}  // namespace gatehouse::sample
