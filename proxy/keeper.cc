// SPDX-License-Identifier: Apache-2.0
// Two halves: starting the server, and watching over it. The keeper writes no
// log: what the guard must know goes through the control socket, and when the
// guard is gone nobody listens.
#include "proxy/keeper.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "proxy/descendants.h"
#include "proxy/server_launch.h"

namespace gatehouse {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// From the end of the guard, or of the server's main process, to SIGKILL.
constexpr milliseconds kOrphanGrace{400};

int RemainingMs(Clock::time_point until) {
  const auto left =
      std::chrono::duration_cast<milliseconds>(until - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

// As exec wants them.
std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

void CloseAllBut(std::vector<int> kept) {
  std::sort(kept.begin(), kept.end());
  unsigned int from = 0;
  for (const int fd : kept) {
    const auto keep = static_cast<unsigned int>(fd);
    if (keep > from) close_range(from, keep - 1, 0);
    from = keep + 1;
  }
  close_range(from, ~0U, 0);
}

// What the keeper is deaf to, and the server must hear.
constexpr std::array kDeafTo = {SIGTERM, SIGINT,  SIGHUP,  SIGPIPE,
                                SIGQUIT, SIGXFSZ, SIGTTOU, SIGTTIN,
                                SIGTSTP, SIGUSR1, SIGUSR2};

void SetAll(std::span<const int> signals, sighandler_t handler) {
  for (const int signal : signals) {
    struct sigaction action = {};
    action.sa_handler = handler;
    sigaction(signal, &action, nullptr);
  }
}

void UnblockSignals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// What the server's process says instead of an errno where the guard went, or
// ended us, before it had anything to start.
constexpr int kNothingToStart = -1;

[[noreturn]] void GiveUp(int status_fd, int error) {
  (void)!write(status_fd, &error, sizeof error);
  _exit(127);
}

// In the server's process, which waits here to be told what it becomes: that
// much of a start is done while the guard still reads. Our pipes are all above
// 2. `launch` is the keeper's, whose memory this is until exec.
[[noreturn]] void BecomeServer(const KeeperJob& job, pid_t keeper,
                               int status_fd,
                               std::optional<ServerLaunch>& launch) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != keeper) _exit(127);  // it died before the line above
  dup2(job.server_stdin.get(), STDIN_FILENO);
  dup2(job.server_stdout.get(), STDOUT_FILENO);
  if (job.server_stderr.open()) dup2(job.server_stderr.get(), STDERR_FILENO);
  launch = ReceiveLaunch(job.control.get());
  if (!launch) GiveUp(status_fd, kNothingToStart);
  const std::vector<char*> argv = Pointers(launch->argv);
  std::vector<char*> environment = Pointers(launch->environment);
  SetAll(kDeafTo, SIG_DFL);  // the others are: see SettleDown
  UnblockSignals();
  // Close-on-exec is not enough: the guard itself may have inherited more.
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  // The PATH that counts is the one the server will have.
  environ = environment.data();
  execvp(argv[0], argv.data());
  GiveUp(status_fd, errno);
}

class Keeper {
 public:
  explicit Keeper(KeeperJob job) : job_(std::move(job)) {}
  void Run();

 private:
  bool StartServer();
  int ForkServer();
  int AwaitExec(UniqueFd status);
  void Watch();
  void ReadControl();
  void Reap();
  void Note(const EndedProcess& ended);
  void Report(KeeperReport::Kind kind, int value) const;

  KeeperJob job_;
  UniqueFd child_signals_;
  pid_t server_ = -1;
  bool guard_alive_ = true;
  bool server_ended_ = false;
  milliseconds kill_after_ = kOrphanGrace;
  std::optional<Clock::time_point> term_at_;
};

// Before anything of the server exists: nothing may reach us but SIGKILL.
UniqueFd SettleDown() {
  setsid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_NAME, "gatehouse-keep");
  std::array<int, NSIG - 1> all = {};
  std::iota(all.begin(), all.end(), 1);
  SetAll(all, SIG_DFL);  // fails for SIGKILL and SIGSTOP: fine
  UnblockSignals();
  SetAll(kDeafTo, SIG_IGN);
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, nullptr);
  return UniqueFd(signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK));
}

void Keeper::Run() {
  std::vector<int> kept = {STDERR_FILENO, job_.control.get(),
                           job_.server_stdin.get(), job_.server_stdout.get()};
  if (job_.server_stderr.open()) kept.push_back(job_.server_stderr.get());
  CloseAllBut(kept);
  child_signals_ = SettleDown();
  if (StartServer()) Watch();
  const int left = EndDescendants(
      kill_after_, [this](const EndedProcess& ended) { Note(ended); });
  if (left > 0) Report(KeeperReport::Kind::kLeftBehind, left);
}

// False where there is no server to watch over.
bool Keeper::StartServer() {
  const int error = ForkServer();
  // Ours would keep the server's pipes open when it closes them.
  job_.server_stdin.Close();
  job_.server_stdout.Close();
  job_.server_stderr.Close();
  close(STDERR_FILENO);
  if (error == 0) {
    Report(KeeperReport::Kind::kStarted, server_);
  } else {
    server_ended_ = true;
    if (error != kNothingToStart) {
      Report(KeeperReport::Kind::kExecFailed, error);
    }
  }
  return error == 0;
}

// 0 once the program runs, an errno, or kNothingToStart. vfork: the server's
// process shares our memory until it is another program, which spares the start
// a copy of it, and we stand still meanwhile. It asks for memory there, as we
// would: there is one thread, so nobody holds the allocator.
int Keeper::ForkServer() {
  const pid_t keeper = getpid();
  std::optional<ServerLaunch> launch;
  Result<Pipe> status = MakePipe();
  int error = EMFILE;
  if (status.ok()) {
    server_ = vfork();
    error = errno;
    if (server_ == 0) {
      BecomeServer(job_, keeper, status.value().write.get(), launch);
    }
  }
  if (server_ > 0) {
    status.value().write.Close();
    return AwaitExec(std::move(status.value().read));
  }
  // The guard hears of it when it wants something started.
  launch = ReceiveLaunch(job_.control.get());
  return launch ? error : kNothingToStart;
}

// 0 once the program runs: exec closed its end of the pipe.
int Keeper::AwaitExec(UniqueFd status) {
  int error = 0;
  while (true) {
    const ssize_t count = read(status.get(), &error, sizeof error);
    if (count < 0 && errno == EINTR) continue;
    return count == sizeof error ? error : 0;
  }
}

// Until the server is to be ended: the guard is gone, its time is over, or its
// main process has ended (what it left behind is no server any more).
void Keeper::Watch() {
  while (guard_alive_ && !server_ended_) {
    std::array<pollfd, 2> fds = {
        {{job_.control.get(), POLLIN, 0}, {child_signals_.get(), POLLIN, 0}}};
    const int timeout = term_at_ ? RemainingMs(*term_at_) : -1;
    if (poll(fds.data(), fds.size(), timeout) < 0 && errno != EINTR) return;
    if (fds[0].revents != 0) ReadControl();
    Reap();
    if (term_at_ && Clock::now() >= *term_at_) return;
  }
}

void Keeper::ReadControl() {
  KeeperOrder order;
  const ssize_t count =
      recv(job_.control.get(), &order, sizeof order, MSG_DONTWAIT);
  if (count == sizeof order) {
    term_at_ = Clock::now() + milliseconds(order.term_after_ms);
    kill_after_ = milliseconds(order.kill_after_ms);
  } else if (count >= 0 || (errno != EAGAIN && errno != EINTR)) {
    guard_alive_ = false;
  }
}

void Keeper::Reap() {
  std::array<char, sizeof(signalfd_siginfo)* 8> ignored = {};
  while (read(child_signals_.get(), ignored.data(), ignored.size()) > 0) {
  }
  for (const EndedProcess& ended : ReapChildren()) Note(ended);
}

void Keeper::Note(const EndedProcess& ended) {
  if (ended.pid != server_ || server_ended_) return;
  server_ended_ = true;
  if (WIFSIGNALED(ended.status)) {
    Report(KeeperReport::Kind::kSignaled, WTERMSIG(ended.status));
  } else {
    Report(KeeperReport::Kind::kExited, WEXITSTATUS(ended.status));
  }
}

void Keeper::Report(KeeperReport::Kind kind, int value) const {
  const KeeperReport report = {kind, value};
  // A dead guard is seen by ReadControl; nothing else can be done here.
  (void)send(job_.control.get(), &report, sizeof report,
             MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

void RunKeeper(KeeperJob job) {
  {
    Keeper keeper(std::move(job));
    keeper.Run();
  }
  // Not exit(): the guard's buffers and destructors are not ours to run.
  _exit(0);
}

}  // namespace gatehouse
