// SPDX-License-Identifier: Apache-2.0
#pragma once
// The keeper: a small process of the same binary between guard and server,
// forked (not exec'd) before any thread, database or lock exists; it then waits
// to be told what to start (proxy/server_launch). It is the parent of the
// server, the reaper of everything the server starts, and holds a socket to
// the guard. When that socket ends, however the guard died, or when the
// server's main process exits, it ends the server's group and every adopted
// descendant (npx -> sh -> node, also those that left the group or session),
// then itself. A parent-death signal alone would reach only the direct child.
//
// Talks to proxy/child only, in the small messages below; never sees a frame.

#include <cstdint>

#include "proxy/fd.h"

namespace gatehouse {

// Keeper to guard, one per message.
struct KeeperReport {
  enum class Kind : std::int32_t {
    kLost = 0,    // never sent: what a closed socket means
    kStarted,     // value: the server's process id
    kExecFailed,  // value: errno
    kExited,      // value: exit code of the server's main process
    kSignaled,    // value: the signal that ended it
    kLeftBehind,  // value: how many descendants could not be ended
  };
  Kind kind = Kind::kLost;
  std::int32_t value = 0;
};

// Guard to keeper: the server's stdin is closed; SIGTERM after the first
// delay, SIGKILL after the second. A later order replaces an earlier one.
struct KeeperOrder {
  std::int32_t term_after_ms = 0;
  std::int32_t kill_after_ms = 0;
};

// What the keeper holds from the fork on.
struct KeeperJob {
  UniqueFd control;
  UniqueFd server_stdin;
  UniqueFd server_stdout;
  UniqueFd server_stderr;  // closed: the server inherits ours
};

// The body of the forked process; never returns.
[[noreturn]] void RunKeeper(KeeperJob job);

}  // namespace gatehouse
