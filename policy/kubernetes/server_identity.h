// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which profile describes the server that a command line starts. A guess from
// names that the user typed, for convenience: it chooses how calls are read,
// and grants nothing. What a server says of itself is never asked.

#include <string>
#include <vector>

namespace gatehouse {

// What a command line names, by the field of a profile's `identify` that it is
// compared with; one of them is set, or none.
struct ServerNames {
  std::string program;  // a program's or a script's base name
  std::string npm;      // after npx, bunx, pnpm dlx, … or below node_modules
  std::string pypi;     // after uvx, uv tool run, pipx run; in normal form
  std::string image;    // after docker run, podman run
  std::string module;   // after go run
};
// Without versions, tags and digests.
ServerNames NamesInCommand(const std::vector<std::string>& argv);

// The embedded profiles that claim the server, in order of their names. Where
// there are several, servers share a name and none may be chosen. Reads the
// heads of the profiles only.
std::vector<std::string> ProfilesForCommand(
    const std::vector<std::string>& argv);

}  // namespace gatehouse
