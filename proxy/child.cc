// SPDX-License-Identifier: Apache-2.0
#include "proxy/child.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "proxy/descendants.h"
#include "proxy/keeper.h"
#include "proxy/server_launch.h"

namespace gatehouse {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// What the keeper may take beyond its order: SIGKILL, reaping, a busy machine.
constexpr milliseconds kKeeperSlack{400};
constexpr milliseconds kLostGrace{100};

KeeperOrder OrderFor(ShutdownPace pace) {
  switch (pace) {
    case ShutdownPace::kFast:
      return {300, 400};
    case ShutdownPace::kOrderly:
      return {1000, 500};
  }
  return {0, 0};
}

bool Changes(const std::vector<EnvironmentChange>& changes,
             std::string_view entry) {
  const std::string_view name = entry.substr(0, entry.find('='));
  return std::any_of(changes.begin(), changes.end(),
                     [&](const auto& change) { return change.name == name; });
}

std::vector<std::string> ChangedEnvironment(
    const std::vector<EnvironmentChange>& changes) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!Changes(changes, *entry)) result.emplace_back(*entry);
  }
  for (const EnvironmentChange& change : changes) {
    if (change.value) result.push_back(change.name + "=" + *change.value);
  }
  return result;
}

// The two ends of everything: ours, and those of the keeper's job.
struct Wiring {
  KeeperJob job;
  ChildPipes ours;
  UniqueFd control;
};

Result<Wiring> Connect(ServerStderr server_stderr) {
  Result<std::pair<UniqueFd, UniqueFd>> control = MakeSocketPair();
  if (!control.ok()) return control.error();
  // What waits in it is calls in flight, each with what is remembered of it: a
  // megabyte of those is ten thousand.
  Result<Pipe> in = MakePipe(PipeRoom::kDefault);
  if (!in.ok()) return in.error();
  Result<Pipe> out = MakePipe();
  if (!out.ok()) return out.error();
  Wiring wiring;
  wiring.control = std::move(control.value().first);
  wiring.job.control = std::move(control.value().second);
  wiring.job.server_stdin = std::move(in.value().read);
  wiring.ours.server_stdin = std::move(in.value().write);
  wiring.job.server_stdout = std::move(out.value().write);
  wiring.ours.server_stdout = std::move(out.value().read);
  if (server_stderr == ServerStderr::kInherit) return wiring;
  Result<Pipe> err = MakePipe();
  if (!err.ok()) return err.error();
  wiring.job.server_stderr = std::move(err.value().write);
  wiring.ours.server_stderr = std::move(err.value().read);
  return wiring;
}

}  // namespace

Result<Child> Child::Fork(ServerStderr server_stderr) {
  Result<Wiring> wiring = Connect(server_stderr);
  if (!wiring.ok()) return wiring.error();
  Child child;
  // If the keeper is killed, what it kept comes to us (see Absorb).
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  // A client may have us inherit "ignored": then waitpid would learn nothing.
  signal(SIGCHLD, SIG_DFL);
  // Past a limit of file sizes a write fails, as on a full disk, and ends
  // nobody.
  signal(SIGXFSZ, SIG_IGN);
  // Nor does a log that nobody reads end a guard that has yet to say so.
  signal(SIGPIPE, SIG_IGN);
  child.keeper_ = fork();
  if (child.keeper_ < 0) return SystemError("fork", errno);
  if (child.keeper_ == 0) RunKeeper(std::move(wiring.value().job));
  child.state_ = ChildState::kRunning;
  child.control_ = std::move(wiring.value().control);
  child.pipes_ = std::move(wiring.value().ours);
  return child;
}

Status Child::Launch(ChildSpec spec) {
  if (spec.argv.empty() || spec.argv[0].empty()) {
    return Error{ErrorCode::kInvalid, "no server command was given"};
  }
  program_ = spec.argv[0];
  return SendLaunch(control_.get(), {std::move(spec.argv),
                                     ChangedEnvironment(spec.environment)});
}

Result<Child> Child::Start(ChildSpec spec) {
  Result<Child> child = Fork(spec.server_stderr);
  if (!child.ok()) return child;
  const Status launched = child.value().Launch(std::move(spec));
  if (!launched.ok()) return launched.error();
  return child;
}

Child::Child(Child&& other) noexcept
    : keeper_(std::exchange(other.keeper_, -1)),
      server_(other.server_),
      control_(std::move(other.control_)),
      pipes_(std::move(other.pipes_)),
      program_(std::move(other.program_)),
      state_(std::exchange(other.state_, ChildState::kGone)),
      exit_(other.exit_),
      exec_errno_(other.exec_errno_) {}

Child::~Child() {
  if (keeper_ < 0) return;
  pipes_ = {};
  Shutdown(ShutdownPace::kFast);
}

Status Child::AwaitExec(milliseconds timeout) {
  const auto until = Clock::now() + timeout;
  while (server_ == 0 && state_ == ChildState::kRunning) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(until - Clock::now());
    if (left.count() <= 0) {
      return Error{ErrorCode::kBusy,
                   "cannot start " + program_ + ": it is taking too long"};
    }
    pollfd control = {control_.get(), POLLIN, 0};
    poll(&control, 1, static_cast<int>(left.count()));
    Refresh();
  }
  if (exec_errno_ != 0) {
    return SystemError("cannot start " + program_, exec_errno_);
  }
  if (server_ != 0) return Done{};
  return Error{ErrorCode::kIo,
               "cannot start " + program_ + ": its keeper was ended"};
}

ChildState Child::Refresh() {
  while (control_.open()) {
    KeeperReport report;
    const ssize_t count =
        recv(control_.get(), &report, sizeof report, MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count != sizeof report) report = {};
    Absorb(report);
  }
  return state_;
}

void Child::Absorb(const KeeperReport& report) {
  switch (report.kind) {
    case KeeperReport::Kind::kLost:
      CollectKeeper();
      return;
    case KeeperReport::Kind::kStarted:
      server_ = report.value;
      return;
    case KeeperReport::Kind::kExecFailed:
      exec_errno_ = report.value;
      state_ = ChildState::kExited;
      return;
    case KeeperReport::Kind::kExited:
      exit_ = ServerExit{report.value, 0};
      state_ = ChildState::kExited;
      return;
    case KeeperReport::Kind::kSignaled:
      exit_ = ServerExit{0, report.value};
      state_ = ChildState::kExited;
      return;
    case KeeperReport::Kind::kLeftBehind:
      left_behind_ = report.value;
      return;
  }
}

// The socket ended: the keeper has finished, or was killed. Then the server's
// direct child got its parent-death signal, and the rest has come to us.
void Child::CollectKeeper() {
  control_.Close();
  state_ = ChildState::kGone;
  const ProcessStart began = StartOf(keeper_);
  int status = 0;
  while (waitpid(keeper_, &status, 0) < 0 && errno == EINTR) {
  }
  keeper_ = -1;
  if (!WIFEXITED(status)) {
    left_behind_ = EndDescendantsOfLost(began, kLostGrace);
  }
}

void Child::BeginShutdown(ShutdownPace pace) {
  if (!control_.open()) return;
  const KeeperOrder order = OrderFor(pace);
  // A keeper that is gone is noticed by Refresh.
  (void)send(control_.get(), &order, sizeof order, MSG_NOSIGNAL);
}

void Child::Shutdown(ShutdownPace pace) {
  BeginShutdown(pace);
  const KeeperOrder order = OrderFor(pace);
  const auto until = Clock::now() +
                     milliseconds(order.term_after_ms + order.kill_after_ms) +
                     kKeeperSlack;
  while (Refresh() != ChildState::kGone) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(until - Clock::now());
    if (left.count() <= 0) kill(keeper_, SIGKILL);
    pollfd control = {control_.get(), POLLIN, 0};
    poll(&control, 1,
         static_cast<int>(std::max<std::int64_t>(left.count(), 1)));
  }
}

}  // namespace gatehouse
