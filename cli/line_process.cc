// SPDX-License-Identifier: Apache-2.0
#include "cli/line_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <thread>
#include <utility>

namespace gatehouse::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// After the fork, in the new process.
[[noreturn]] void Become(const LineProcessSpec& spec, int in, int out) {
  // However we end, this program does not outlive us.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  signal(SIGPIPE, SIG_DFL);
  dup2(in, STDIN_FILENO);
  if (spec.standard_output == LineStdout::kPiped) dup2(out, STDOUT_FILENO);
  if (spec.standard_error == LineStderr::kHidden) {
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  }
  if (spec.inherited_fd >= 0) fcntl(spec.inherited_fd, F_SETFD, 0);
  std::vector<char*> argv;
  for (const std::string& word : spec.argv) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  execvp(argv.front(), argv.data());
  _exit(127);
}

}  // namespace

Result<LineProcess> LineProcess::Start(const LineProcessSpec& spec) {
  Result<Pipe> to_child = MakePipe();
  Result<Pipe> from_child = MakePipe();
  if (!to_child.ok()) return to_child.error();
  if (!from_child.ok()) return from_child.error();
  LineProcess process;
  process.pid_ = fork();
  if (process.pid_ < 0) return SystemError("cannot start a process", errno);
  if (process.pid_ == 0) {
    Become(spec, to_child.value().read.get(), from_child.value().write.get());
  }
  process.stream_ = LineStream(std::move(to_child.value().write),
                               std::move(from_child.value().read));
  // A program that dies early must not kill us with its broken pipe.
  signal(SIGPIPE, SIG_IGN);
  return process;
}

LineProcess::LineProcess(LineProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      exit_code_(other.exit_code_),
      stream_(std::move(other.stream_)) {}

LineProcess::~LineProcess() { Finish(milliseconds(3000)); }

bool LineProcess::Reap(milliseconds timeout) {
  auto end = steady_clock::now() + timeout;
  while (true) {
    int status = 0;
    pid_t done = waitpid(pid_, &status, WNOHANG);
    if (done == pid_ || (done < 0 && errno == ECHILD)) {
      exit_code_ =
          WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
      pid_ = -1;
      return true;
    }
    if (steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(milliseconds(5));
  }
}

int LineProcess::Finish(milliseconds timeout) {
  stream_.CloseInput();
  if (pid_ < 0 || Reap(timeout)) return exit_code_;
  kill(pid_, SIGTERM);
  if (!Reap(milliseconds(2000))) {
    kill(pid_, SIGKILL);
    Reap(milliseconds(2000));
  }
  return 124;
}

}  // namespace gatehouse::cli
