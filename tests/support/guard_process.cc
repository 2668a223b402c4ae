// SPDX-License-Identifier: Apache-2.0
#include "tests/support/guard_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace gatehouse::testing {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// One context that leads nowhere.
constexpr const char* kKubeconfig =
    R"({"current-context":"test","contexts":[{"name":"test","context":{"cluster":"c"}}],"clusters":[{"name":"c","cluster":{"server":"https://127.0.0.1:1"}}]})";

struct Spawned {
  std::vector<std::string> argv;
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::pair<int, rlim_t>> limits;
  int input = -1;
  int output = -1;
  int error = -1;
};

pid_t Spawn(const Spawned& what) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  for (const auto& [name, value] : what.environment) {
    setenv(name.c_str(), value.c_str(), 1);
  }
  dup2(what.input, STDIN_FILENO);
  dup2(what.output, STDOUT_FILENO);
  dup2(what.error, STDERR_FILENO);
  for (const auto& [limit, most] : what.limits) {
    const rlimit limits = {most, most};
    setrlimit(static_cast<__rlimit_resource_t>(limit), &limits);
  }
  std::vector<char*> argv;
  for (const std::string& word : what.argv) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(126);
}

int ShellCode(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int Left(Clock::time_point until) {
  const auto left =
      std::chrono::duration_cast<milliseconds>(until - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

std::string GatehousePath() { return GATEHOUSE_BINARY_DIR "/gatehouse"; }
std::string FakeServerPath() {
  return GATEHOUSE_BINARY_DIR "/tests/support/fake_server";
}

GuardProcess::GuardProcess(const GuardSpec& spec) : folder_(&own_folder_) {
  Start(spec);
}

GuardProcess::GuardProcess(const GuardSpec& spec, const TemporaryFolder& folder)
    : folder_(&folder) {
  Start(spec);
}

void GuardProcess::Start(const GuardSpec& spec) {
  signal(SIGPIPE, SIG_IGN);
  mark_ = NewMark();
  const std::size_t equals = mark_.find('=');
  const std::string number = mark_.substr(equals + 1);
  database_ = folder_->File("audit/audit.db");
  received_path_ = folder_->File("received-" + number);
  stderr_path_ = folder_->File("stderr-" + number);
  Spawned what;
  what.argv = {GatehousePath(), "run", "--db", database_};
  std::vector<std::string> options = spec.options;
  if (options.empty()) {
    options = {"--policy", "read-only", "--profile", "sample-server"};
  }
  what.argv.insert(what.argv.end(), options.begin(), options.end());
  what.argv.emplace_back("--");
  std::vector<std::string> server = spec.server;
  if (server.empty()) server = {FakeServerPath()};
  what.argv.insert(what.argv.end(), server.begin(), server.end());
  what.environment = spec.environment;
  what.limits = spec.limits;
  what.environment.emplace_back(mark_.substr(0, equals), number);
  what.environment.emplace_back("FAKE_SERVER_LOG", received_path_);
  // Neither this machine's cluster nor its policy may decide a test.
  what.environment.emplace_back("HOME", folder_->path());
  what.environment.emplace_back("XDG_RUNTIME_DIR", folder_->path());
  if (!spec.kubeconfig.empty()) {
    what.environment.emplace_back("KUBECONFIG", spec.kubeconfig);
  } else {
    // Of its own: another guard beside it would see the file change.
    const std::string path = folder_->File("kubeconfig-" + number);
    WriteFile(path, kKubeconfig);
    what.environment.emplace_back("KUBECONFIG", path);
  }
  Pipe in = std::move(MakePipe()).value();
  Pipe out = std::move(MakePipe()).value();
  const UniqueFd error(open(stderr_path_.c_str(),
                            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  what.input = in.read.get();
  what.output = out.write.get();
  what.error = error.get();
  pid_ = Spawn(what);
  input_ = std::move(in.write);
  output_ = std::move(out.read);
}

GuardProcess::~GuardProcess() {
  if (exit_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  // The keeper needs the folder's files no longer; the next test must not
  // meet its server.
  AllGone();
}

bool GuardProcess::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(input_.get(), bytes.data(), bytes.size());
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool GuardProcess::CanWrite(milliseconds limit) const {
  pollfd ready = {input_.get(), POLLOUT, 0};
  return poll(&ready, 1, static_cast<int>(limit.count())) > 0;
}

bool GuardProcess::WriteLine(std::string_view line) {
  return Write(std::string(line) + "\n");
}

std::optional<std::string> GuardProcess::ReadLine(milliseconds limit) {
  const auto until = Clock::now() + limit;
  while (true) {
    const std::size_t end = buffer_.find('\n');
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    if (!ReadMore(until)) return std::nullopt;
  }
}

bool GuardProcess::ReadMore(Clock::time_point until) {
  pollfd ready = {output_.get(), POLLIN, 0};
  if (poll(&ready, 1, Left(until)) <= 0) return false;
  std::array<char, 65536> bytes = {};
  const ssize_t count = read(output_.get(), bytes.data(), bytes.size());
  if (count <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::optional<GuardProcess::LongLine> GuardProcess::SkipLine(
    milliseconds limit) {
  const auto until = Clock::now() + limit;
  LongLine line;
  while (true) {
    const std::size_t end = std::min(buffer_.find('\n'), buffer_.size());
    line.begin += buffer_.substr(0, std::min(end, 256 - line.begin.size()));
    line.bytes += end;
    const bool ended = end < buffer_.size();
    buffer_.erase(0, end + (ended ? 1 : 0));
    if (ended) return line;
    if (!ReadMore(until)) return std::nullopt;
  }
}

std::size_t GuardProcess::Readable() const {
  int bytes = 0;
  return ioctl(output_.get(), FIONREAD, &bytes) == 0
             ? static_cast<std::size_t>(bytes)
             : 0;
}

std::optional<std::string> GuardProcess::ReadLineWith(std::string_view text) {
  std::optional<std::string> line = ReadLine();
  while (line && line->find(text) == std::string::npos) line = ReadLine();
  return line;
}

void GuardProcess::Signal(int signal) const { kill(pid_, signal); }

ExitCode GuardProcess::WaitForExit(milliseconds limit) {
  Eventually(
      [&] {
        int status = 0;
        if (!exit_ && waitpid(pid_, &status, WNOHANG) == pid_) {
          exit_ = ShellCode(status);
        }
        return exit_.has_value();
      },
      limit);
  return exit_;
}

std::string GuardProcess::Received() const { return ReadFile(received_path_); }

bool GuardProcess::WaitUntilReceived(std::string_view text) const {
  return Eventually([&] { return Received().find(text) != std::string::npos; },
                    kAnswerLimit);
}

std::string GuardProcess::Stderr() const { return ReadFile(stderr_path_); }

pid_t GuardProcess::ServerPid() const {
  for (const pid_t pid : ProcessesWith(mark_)) {
    if (ReadFile("/proc/" + std::to_string(pid) + "/comm") == "fake_server\n") {
      return pid;
    }
  }
  return -1;
}

bool GuardProcess::AllGone() const {
  return Eventually([&] { return ProcessesWith(mark_).empty(); });
}

CommandResult RunGatehouse(const std::vector<std::string>& arguments) {
  Pipe out = std::move(MakePipe()).value();
  const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
  Spawned what;
  what.argv = {GatehousePath()};
  what.argv.insert(what.argv.end(), arguments.begin(), arguments.end());
  what.input = null.get();
  what.output = out.write.get();
  what.error = out.write.get();
  const pid_t pid = Spawn(what);
  out.write.Close();
  CommandResult result;
  std::array<char, 4096> bytes = {};
  ssize_t count = read(out.read.get(), bytes.data(), bytes.size());
  while (count > 0) {
    result.output.append(bytes.data(), static_cast<std::size_t>(count));
    count = read(out.read.get(), bytes.data(), bytes.size());
  }
  int status = 0;
  waitpid(pid, &status, 0);
  result.exit_code = ShellCode(status);
  return result;
}

}  // namespace gatehouse::testing
