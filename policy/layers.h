// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two policies over one call: the user's and the system's, each decided apart
// (policy.md "Deciding" 1). The stricter stands, and observing lifts only what
// the user's own policy refuses.

#include "policy/decision.h"

namespace gatehouse {

// `system` is enforced always.
Decision StricterOf(Decision user, Decision system);

}  // namespace gatehouse
