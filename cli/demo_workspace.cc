// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_workspace.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace gatehouse::cli {
namespace {

// In the sweeper: whatever ends the demo must not end this one too.
[[noreturn]] void Sweep(const std::string& path, int lifeline) {
  setsid();
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) {
    signal(number, SIG_IGN);
  }
  // A reader of the demo's output waits for every writer: be none.
  int nowhere = open("/dev/null", O_RDWR);
  for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    dup2(nowhere, fd);
  }
  bool keep = false;
  char byte = 0;
  while (true) {
    ssize_t got = read(lifeline, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    keep = true;
  }
  std::error_code ignored;
  if (!keep) std::filesystem::remove_all(path, ignored);
  _exit(0);
}

}  // namespace

Result<DemoWorkspace> DemoWorkspace::Make() {
  const char* folder = getenv("TMPDIR");
  std::string path = folder == nullptr || *folder == '\0' ? "/tmp" : folder;
  path += "/gatehouse-demo-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return SystemError("cannot make a temporary folder", errno);
  }
  Result<Pipe> pipe = MakePipe();
  if (!pipe.ok()) return pipe.error();
  DemoWorkspace workspace;
  workspace.path_ = path;
  workspace.sweeper_ = fork();
  if (workspace.sweeper_ < 0) {
    return SystemError("cannot start a process", errno);
  }
  if (workspace.sweeper_ == 0) {
    pipe.value().write.Close();
    Sweep(path, pipe.value().read.get());
  }
  workspace.lifeline_ = std::move(pipe.value().write);
  return workspace;
}

DemoWorkspace::DemoWorkspace(DemoWorkspace&& other) noexcept
    : path_(std::move(other.path_)),
      lifeline_(std::move(other.lifeline_)),
      sweeper_(std::exchange(other.sweeper_, -1)) {}

DemoWorkspace::~DemoWorkspace() {
  lifeline_.Close();
  if (sweeper_ > 0) waitpid(sweeper_, nullptr, 0);
}

void DemoWorkspace::Keep() {
  while (write(lifeline_.get(), "k", 1) < 0 && errno == EINTR) {
  }
}

}  // namespace gatehouse::cli
