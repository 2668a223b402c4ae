// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whom an answer was meant for that is too long to be read: the id, where it
// stands at the front of the line. Used by return_gate.

#include <optional>
#include <string_view>

#include "proxy/message.h"

namespace gatehouse {

// The id in the first bytes of a line, before its first object or list;
// nullopt where it comes later or is none.
std::optional<RpcId> LeadingId(std::string_view prefix);

}  // namespace gatehouse
