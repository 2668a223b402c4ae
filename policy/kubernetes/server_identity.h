// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which profile describes the server that a command line starts. A guess from
// names that the user typed, for convenience: it chooses how calls are read,
// and grants nothing. What a server says of itself is never asked.

#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

// By the program's base name, or by the package that a runner (npx, bunx,
// pnpm dlx, yarn dlx, npm exec) is told to run, without its version. nullopt
// where no embedded profile claims it.
std::optional<std::string> ProfileForCommand(
    const std::vector<std::string>& argv);

// The package that a runner's command line names, "" where it is no runner or
// names none: "npx -y @scope/tool@1.2" gives "@scope/tool".
std::string PackageOfCommand(const std::vector<std::string>& argv);

}  // namespace gatehouse
