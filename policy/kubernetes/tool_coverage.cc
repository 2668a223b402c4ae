// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/tool_coverage.h"

#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {

std::string_view CoverageName(Coverage coverage) {
  switch (coverage) {
    case Coverage::kUnknown:
      return "unknown";
    case Coverage::kDrifted:
      return "drifted";
    case Coverage::kCovered:
      return "covered";
  }
  return "unknown";
}

ToolCoverage CoverageOf(const ToolProfile* profile, std::string_view tool,
                        const std::vector<std::string>& arguments) {
  ToolCoverage coverage;
  const ToolSpec* spec = profile == nullptr ? nullptr : profile->Find(tool);
  if (spec == nullptr) return coverage;
  coverage.state = Coverage::kCovered;
  for (const std::string& argument : arguments) {
    if (spec->arguments.contains(argument)) continue;
    coverage.state = Coverage::kDrifted;
    coverage.argument = argument;
    return coverage;
  }
  for (const ToolStep& step : spec->steps) {
    if (!step.when && !step.unclear.empty()) coverage.unclear = step.unclear;
  }
  return coverage;
}

}  // namespace gatehouse
