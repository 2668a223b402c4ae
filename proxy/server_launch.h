// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the keeper is to start, said after it was forked: the guard forks it
// while it is small and has no thread, and learns only then what the server
// gets. One message of the control socket, or several where one is too long:
// the counts, then each string with a NUL behind it. Between proxy/child and
// proxy/keeper, which trust each other.

#include <optional>
#include <string>
#include <vector>

#include "policy/result.h"

namespace gatehouse {

struct ServerLaunch {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // whole: "NAME=value"
};

// Waits where the socket is full. kIo where the keeper is gone.
Status SendLaunch(int control, const ServerLaunch& launch);

// In the process that becomes the server. Waits for it. Nothing where the guard
// is gone, or orders something else first: then there is nothing to start.
std::optional<ServerLaunch> ReceiveLaunch(int control);

}  // namespace gatehouse
