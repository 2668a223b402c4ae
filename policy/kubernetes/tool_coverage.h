// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a tool that a server lists stands to the profile: for `gatehouse server
// inspect`, and for what the guard calls drift.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

class ToolProfile;  // policy/kubernetes/tool_profile.h

enum class Coverage : std::uint8_t {
  kUnknown = 0,  // the profile has no such tool: every call is refused
  kDrifted,      // it has an argument that the profile does not know
  kCovered,
};
std::string_view CoverageName(Coverage coverage);

struct ToolCoverage {
  Coverage state = Coverage::kUnknown;
  std::string argument;  // kDrifted: the first that is not known
  std::string unclear;   // kCovered: why each call is unclear all the same
};

// `profile`: nullptr knows no tool. `arguments`: as the live schema names them.
ToolCoverage CoverageOf(const ToolProfile* profile, std::string_view tool,
                        const std::vector<std::string>& arguments);

}  // namespace gatehouse
