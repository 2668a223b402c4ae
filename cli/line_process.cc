// SPDX-License-Identifier: Apache-2.0
#include "cli/line_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
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

// Readable or at its end within the time.
bool AwaitReadable(int fd, steady_clock::time_point end) {
  while (true) {
    auto left =
        std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd wait{fd, POLLIN, 0};
    int ready = poll(&wait, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
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
  process.stdin_ = std::move(to_child.value().write);
  process.stdout_ = std::move(from_child.value().read);
  // A program that dies early must not kill us with its broken pipe.
  signal(SIGPIPE, SIG_IGN);
  return process;
}

LineProcess::LineProcess(LineProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      exit_code_(other.exit_code_),
      stdin_(std::move(other.stdin_)),
      stdout_(std::move(other.stdout_)),
      buffer_(std::move(other.buffer_)) {}

LineProcess::~LineProcess() { Finish(milliseconds(3000)); }

Result<std::string> LineProcess::ReadLine(milliseconds timeout) {
  auto end = steady_clock::now() + timeout;
  std::array<char, 65536> block{};
  while (true) {
    std::size_t newline = buffer_.find('\n');
    if (newline != std::string::npos) {
      std::string line = buffer_.substr(0, newline);
      buffer_.erase(0, newline + 1);
      return line;
    }
    if (!AwaitReadable(stdout_.get(), end)) {
      return Error{ErrorCode::kBusy, "no answer in time"};
    }
    ssize_t got = read(stdout_.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Error{ErrorCode::kIo, "the program ended"};
    buffer_.append(block.data(), static_cast<std::size_t>(got));
  }
}

Status LineProcess::WriteLine(const std::string& line) {
  std::string bytes = line + "\n";
  std::string_view left = bytes;
  while (!left.empty()) {
    ssize_t put = write(stdin_.get(), left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return SystemError("cannot write to the program", errno);
    left.remove_prefix(static_cast<std::size_t>(put));
  }
  return Done{};
}

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
  stdin_.Close();
  if (pid_ < 0 || Reap(timeout)) return exit_code_;
  kill(pid_, SIGTERM);
  if (!Reap(milliseconds(2000))) {
    kill(pid_, SIGKILL);
    Reap(milliseconds(2000));
  }
  return 124;
}

}  // namespace gatehouse::cli
