// SPDX-License-Identifier: Apache-2.0
// What ends a session from outside, and how its end reads as an exit code
// (the shared design, cli.md).
#include <signal.h>
#include <sys/signalfd.h>

#include <cerrno>

#include "proxy/relay.h"

namespace gatehouse {

int RelayExit::ExitCode() const {
  constexpr int kEnvironment = 3;
  switch (reason) {
    case Reason::kSignal:
      return 128 + signal;
    case Reason::kServerGone:
      return server ? server->ExitCode() : kEnvironment;
    case Reason::kClientClosed:
    case Reason::kClientGone:
      // What we ended ourselves is no failure of the server's.
      return server && server->signal == 0 ? server->code : 0;
    case Reason::kFailed:
    case Reason::kClosed:
    case Reason::kLifetime:
      return kEnvironment;
  }
  return kEnvironment;
}

Result<UniqueFd> WatchSignals() {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    sigaddset(&watched, signal);
  }
  if (sigprocmask(SIG_BLOCK, &watched, nullptr) < 0) {
    return SystemError("sigprocmask", errno);
  }
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  UniqueFd fd(signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.open()) return SystemError("signalfd", errno);
  return fd;
}

int WaitingSignal() {
  sigset_t waiting;
  sigemptyset(&waiting);
  sigpending(&waiting);
  for (const int signal : {SIGTERM, SIGINT}) {
    if (sigismember(&waiting, signal) == 1) return signal;
  }
  return 0;
}

}  // namespace gatehouse
