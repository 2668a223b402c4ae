// SPDX-License-Identifier: Apache-2.0
#pragma once
// The time zones of this machine, for `when` in a policy.

#include <string>
#include <string_view>

#include "policy/result.h"

namespace gatehouse::cli {

// The bytes of a zone's file below /usr/share/zoneinfo, and nowhere else: TZDIR
// is the user's to set, and a system policy's hours are not. The error's
// sentence is a clause for an issue.
Result<std::string> ReadZoneFile(std::string_view name);

}  // namespace gatehouse::cli
