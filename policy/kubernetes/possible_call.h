// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the calls of one tool may come to, read from its profile without a
// call: for the list of tools, which hides those that policy could never let
// through. What depends on an argument is unknown; of a kubectl command line
// only the command itself is read, and where even that is an argument, or
// whole flags are, anything may come of it. An argument is taken for what it
// is meant to be: that a name could smuggle in a flag is the classifier's
// business, which every call meets.

#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_profile.h"
#include "policy/request.h"

namespace gatehouse {

// One for each of the profile's; one that this does not understand may be
// anything.
std::vector<PossibleStep> PossibleSteps(const ToolSpec& tool,
                                        const KubernetesTables& tables);

}  // namespace gatehouse
