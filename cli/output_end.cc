// SPDX-License-Identifier: Apache-2.0
#include "cli/output_end.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

#include "cli/command.h"

namespace gatehouse::cli {
namespace {

bool ReaderLeft() {
  pollfd out{STDOUT_FILENO, 0, 0};
  return poll(&out, 1, 0) > 0 && (out.revents & POLLERR) != 0;
}

}  // namespace

int EndOutput(int exit_code) {
  errno = 0;  // of the flush; an earlier failure's is not kept anywhere
  std::cout.flush();
  const bool failed = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  if (!failed || ReaderLeft()) return exit_code;
  const std::string reason =
      errno == 0 ? "" : ": " + std::string(std::strerror(errno));
  std::cerr << "gatehouse: cannot write to standard output" << reason << "\n";
  return kExitEnvironment;
}

}  // namespace gatehouse::cli
