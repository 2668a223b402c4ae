// SPDX-License-Identifier: Apache-2.0
#pragma once
// The processes below this one, and how to end them all: what the keeper does
// to the server's tree, and the guard itself if the keeper was killed. Works
// for a process that is a reaper of orphans (PR_SET_CHILD_SUBREAPER): then
// whatever daemonises or leaves its session still stands below it in /proc.
// Knows nothing of servers.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
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

// In ticks since boot; of a child, also where it has ended and is not reaped
// yet. 0 where it is not known.
using ProcessStart = std::uint64_t;
ProcessStart StartOf(pid_t pid);

// Ends what comes from a child of ours that was lost: all below us that began
// no sooner than it did, and not in our own session, which it had left for one
// of its own. The others, with what is below them, came to us in another way:
// from a shell that became this process by exec, say.
int EndDescendantsOfLost(ProcessStart lost, std::chrono::milliseconds grace);

// The living descendants of `root`, from /proc.
std::vector<pid_t> DescendantsOf(pid_t root);

}  // namespace gatehouse
