// SPDX-License-Identifier: Apache-2.0
#pragma once
// The wrapped server as the guard sees it: three pipes, a control socket to
// the keeper that watches over it, and how it ended. The relay moves the bytes;
// proxy/keeper does the killing. The program is exec'd directly (no shell),
// found through PATH, in its own process group with default signals and no
// descriptor beyond 0, 1 and 2.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/result.h"
#include "proxy/fd.h"

namespace gatehouse {

struct KeeperReport;

// No value: the variable is removed from what the server inherits.
struct EnvironmentChange {
  std::string name;
  std::optional<std::string> value;
};

enum class ServerStderr : std::uint8_t {
  kPipe = 0,  // read by the relay and logged line by line
  kInherit,
};

struct ChildSpec {
  std::vector<std::string> argv;  // argv[0] is looked up in PATH
  std::vector<EnvironmentChange> environment;
  ServerStderr server_stderr = ServerStderr::kPipe;  // of Start alone
};

// How the server's main process ended.
struct ServerExit {
  int code = 0;    // its exit code, if signal is 0
  int signal = 0;  // what ended it, else 0
  // What a shell would show: the code, or 128 + signal.
  int ExitCode() const { return signal != 0 ? 128 + signal : code; }
};

// How fast to end: after the server's stdin was closed, when to send SIGTERM
// and how long after that SIGKILL. Both stay inside a client's 2 seconds.
enum class ShutdownPace : std::uint8_t {
  kFast = 0,  // 300 ms, 400 ms: we were signalled
  kOrderly,   // 1 s, 500 ms: the client closed its end
};

enum class ChildState : std::uint8_t {
  kGone = 0,  // server and keeper are gone; exit() says how, if known
  kRunning,
  kExited,  // the main process ended; its descendants are being ended
};

struct ChildPipes {
  UniqueFd server_stdin;
  UniqueFd server_stdout;
  UniqueFd server_stderr;  // closed where inherited
};

// Owns the keeper process (and through it the server). Destroying it ends the
// whole tree and waits for that, about a second at most. Movable; one thread.
//
// Fork makes this process a reaper of orphans (PR_SET_CHILD_SUBREAPER): if
// the keeper is killed, the server's descendants come to us and are ended. So
// a process that holds a Child must start none in a session of its own that it
// cares for; what it had before, or has in its own session, is let be.
class Child {
 public:
  // Forks the keeper, which settles down and waits for Launch. Call it early:
  // the keeper is a fork of this process, which must have no threads, databases
  // and locks yet, and the less memory there is the less a fork costs. kIo for
  // fork and pipes.
  static Result<Child> Fork(ServerStderr server_stderr);

  // Says what to start, once, and returns while it is being exec'd. kInvalid
  // for an empty argv, kIo where the keeper is gone.
  Status Launch(ChildSpec spec);

  // Both at once.
  static Result<Child> Start(ChildSpec spec);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  // Waits until the program runs, or says why it does not:
  // kNotFound "cannot start npx: No such file or directory", kPermission, …
  Status AwaitExec(std::chrono::milliseconds timeout);

  // The guard's ends; the caller owns them from now on. Once.
  ChildPipes TakePipes() { return std::move(pipes_); }

  // Readable when the state may have changed: then call Refresh.
  int control_fd() const { return control_.get(); }
  ChildState Refresh();
  ChildState state() const { return state_; }
  // Set once the main process ended and was reported.
  const std::optional<ServerExit>& exit() const { return exit_; }

  // Tells the keeper to end the server at this pace, and returns at once.
  // The caller closes server_stdin and keeps reading server_stdout.
  void BeginShutdown(ShutdownPace pace);

  // Ends everything and waits for it. For callers without a relay; close the
  // pipes first, or a server that cannot write will not hear of it.
  void Shutdown(ShutdownPace pace);

  // Descendants of the server that could not be ended (another user's).
  int left_behind() const { return left_behind_; }

  pid_t keeper_pid() const { return keeper_; }
  pid_t server_pid() const { return server_; }  // 0 before AwaitExec

 private:
  Child() = default;
  void Absorb(const KeeperReport& report);
  void CollectKeeper();

  pid_t keeper_ = -1;
  pid_t server_ = 0;
  UniqueFd control_;
  ChildPipes pipes_;
  std::string program_;
  ChildState state_ = ChildState::kGone;
  std::optional<ServerExit> exit_;
  int exec_errno_ = 0;
  int left_behind_ = 0;
};

}  // namespace gatehouse
