// SPDX-License-Identifier: Apache-2.0
#pragma once
// Builds the argument vector that a server would run, from a profile's template
// and a call's arguments, word for word. What kubectl makes of it is
// kubectl_requests' business.

#include <optional>
#include <string>
#include <vector>

#include "policy/kubernetes/argument_values.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {

// nullopt where a word needs an argument that the call does not give.
std::optional<std::vector<std::string>> BuildArgv(
    const std::vector<ArgvItem>& items, const ArgumentValues& values);

}  // namespace gatehouse
