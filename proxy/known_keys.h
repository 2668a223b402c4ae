// SPDX-License-Identifier: Apache-2.0
#pragma once
// The keys that MCP defines in the objects of a message, and the search for
// keys that only resemble one: some servers would take them for it. Part of
// reading a message (message.h); the arguments of a tool call are
// argument_names.h's business.

#include <string_view>

#include "policy/json_value_fwd.h"

namespace gatehouse {

// In _meta: the stream that a message belongs to (2026-07-28).
inline constexpr std::string_view kStreamKey =
    "io.modelcontextprotocol/subscriptionId";

// The known key that some key of params, _meta, task, ref, … resembles without
// being identical; "" where there is none.
std::string_view FindKeyLookalike(const JsonValue& message);

}  // namespace gatehouse
