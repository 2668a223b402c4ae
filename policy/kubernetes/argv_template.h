// SPDX-License-Identifier: Apache-2.0
#pragma once
// Builds the argument vector that a server would run, from a profile's template
// and a call's arguments, word for word. What kubectl makes of it is
// kubectl_requests' business.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/argument_values.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {

struct BuiltArgv {
  std::vector<std::string> words;
  // An argument is missing, or a command line does not begin as it should:
  // then `words` must not be used.
  std::optional<Unclear> unclear;
};

BuiltArgv BuildArgv(const std::vector<ArgvItem>& items,
                    const ArgumentValues& values);

// One word: "{a}", "{a|lower}", "{a=x}", with text around them. nullopt where
// an argument without a default is missing.
std::optional<std::string> FillWord(std::string_view text,
                                    const ArgumentValues& values);

}  // namespace gatehouse
