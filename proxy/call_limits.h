// SPDX-License-Identifier: Apache-2.0
#pragma once
// A rule's `limit`, held against a decision: Decide says which rules count,
// this counts, inside the transaction of the call's record.

#include "policy/decision.h"
#include "policy/engine.h"
#include "proxy/trail.h"

namespace gatehouse {

// The decision, or a deny with code `limit` where a rule's calls are used up
// (`audit-unavailable` where they cannot be counted). Only what is allowed
// counts, and a call that one limit refuses counts for none.
Decision WithinLimits(Decision decision, Trail& trail, UtcTime now);

}  // namespace gatehouse
