// SPDX-License-Identifier: Apache-2.0
#pragma once
// The processes below this one, and how to end them all: what the keeper does
// to the server's tree, and the guard itself if the keeper was killed. Works
// for a process that is a reaper of orphans (PR_SET_CHILD_SUBREAPER): then
// whatever daemonises or leaves its session still stands below it in /proc.
// Knows nothing of servers.

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <vector>

namespace gatehouse {

// A child that ended and was reaped; `status` is waitpid's.
struct EndedProcess {
  pid_t pid = 0;
  int status = 0;
};
using OnEnded = std::function<void(const EndedProcess&)>;

// Reaps every child that has ended; does not wait.
std::vector<EndedProcess> ReapChildren();

// Ends every descendant of this process: SIGTERM, `grace`, then SIGKILL until
// none is left or two seconds have passed. `on_ended` hears of each child
// reaped. Returns how many could not be ended (another user's: setuid
// programs). Without /proc only direct children are seen, by reaping.
int EndDescendants(std::chrono::milliseconds grace, const OnEnded& on_ended);

// The living descendants of `root`, from /proc.
std::vector<pid_t> DescendantsOf(pid_t root);

}  // namespace gatehouse
