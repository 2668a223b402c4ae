// SPDX-License-Identifier: Apache-2.0
#pragma once
// The JSON Schema (2020-12) of a policy, for editors: made from the reader's
// own table, so that both know the same fields. What needs other files, the
// resource tables or the whole list of rules is the reader's alone.

#include <string>

namespace gatehouse {

// Indented JSON, with a final newline. docs/policy.schema.json is this text.
std::string PolicySchema();

}  // namespace gatehouse
