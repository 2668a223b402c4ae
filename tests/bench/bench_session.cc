// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_session.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace gatehouse::bench {
namespace {

constexpr std::size_t kBufferBytes = 256 << 10;

[[noreturn]] void Give(const char* why) {
  std::fprintf(stderr, "session_bench: %s\n", why);
  std::exit(3);
}

void SetCores(unsigned count) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (unsigned core = 0; core < count; ++core) CPU_SET(core, &cores);
  sched_setaffinity(0, sizeof cores, &cores);
}

void Become(const Contender& what, int in, int out) {
  what.pinned ? PinToFirstCore() : Unpin();
  for (const auto& [name, value] : what.environment) {
    setenv(name.c_str(), value.c_str(), 1);
  }
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
  std::vector<char*> argv;
  for (const std::string& word : what.argv) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(127);
}

}  // namespace

void PinToFirstCore() { SetCores(1); }
void Unpin() { SetCores(std::max(1u, std::thread::hardware_concurrency())); }

Session::Session(const Contender& what)
    : buffer_(std::make_unique<char[]>(kBufferBytes)) {
  what.pinned ? PinToFirstCore() : Unpin();
  Pipe in = std::move(MakePipe()).value();
  Pipe out = std::move(MakePipe()).value();
  pid_ = fork();
  if (pid_ == 0) Become(what, in.read.get(), out.write.get());
  in_ = std::move(in.write);
  out_ = std::move(out.read);
}

Session::~Session() {
  in_.Close();
  kill(pid_, SIGTERM);
  out_.Close();
  waitpid(pid_, nullptr, 0);
}

void Session::Send(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(in_.get(), text.data(), text.size());
    if (count <= 0) Give("a contender no longer reads");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::size_t Session::SendSome(std::string_view text) {
  fcntl(in_.get(), F_SETFL, O_NONBLOCK);
  const ssize_t count = write(in_.get(), text.data(), text.size());
  return count <= 0 ? 0 : static_cast<std::size_t>(count);
}

// No more is done to the bytes than to look for line ends: what the client
// costs stands in every figure.
bool Session::Fill() {
  const ssize_t count = read(out_.get(), buffer_.get(), kBufferBytes);
  rest_ = {buffer_.get(),
           static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  return count > 0;
}

std::size_t Session::ReadBatch() {
  std::ptrdiff_t lines = 0;
  while (lines == 0) {
    if (rest_.empty() && !Fill()) Give("a contender has ended");
    lines = std::count(rest_.begin(), rest_.end(), '\n');
    rest_ = {};
  }
  return static_cast<std::size_t>(lines);
}

std::size_t Session::SkipLines(std::size_t lines) {
  std::size_t bytes = 0;
  while (lines > 0) {
    if (rest_.empty() && !Fill()) Give("a contender has ended");
    const std::size_t end = rest_.find('\n');
    const std::size_t taken = end == rest_.npos ? rest_.size() : end + 1;
    bytes += taken;
    rest_.remove_prefix(taken);
    if (end != std::string_view::npos) --lines;
  }
  return bytes;
}

double Session::PeakMiB() const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  std::string word;
  while (status >> word) {
    double kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes / 1024;
  }
  return 0;
}

// The process's own clock: a relay takes less for a call than a tick.
double Session::CpuSeconds() const {
  clockid_t clock = {};
  timespec time = {};
  if (clock_getcpuclockid(pid_, &clock) != 0 ||
      clock_gettime(clock, &time) != 0) {
    Give("a contender's processor time cannot be read");
  }
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace gatehouse::bench
