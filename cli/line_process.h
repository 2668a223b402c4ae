// SPDX-License-Identifier: Apache-2.0
#pragma once
// A program that we start and talk to in lines over its stdin and stdout: for
// `gatehouse demo` its sample cluster and its guard, for the end-to-end tests
// the same and bare MCP servers. proxy/child is not used for it, since that
// keeps a whole tree of one server; these are plain programs that end by
// themselves when their stdin closes or we die.

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "cli/line_stream.h"
#include "policy/result.h"

namespace gatehouse::cli {

enum class LineStderr { kShown = 0, kHidden };
enum class LineStdout { kPiped = 0, kShown };

struct LineProcessSpec {
  std::vector<std::string> argv;  // argv[0] is looked up in PATH
  LineStderr standard_error = LineStderr::kHidden;
  LineStdout standard_output = LineStdout::kPiped;
  int inherited_fd = -1;  // stays open in the program; -1 for none
};

// Owns the process. Destroying it closes the program's stdin, waits a little,
// then SIGTERM, then SIGKILL. Movable; one thread.
class LineProcess {
 public:
  // kIo where the fork fails. A program that cannot be exec'd exits 127.
  static Result<LineProcess> Start(const LineProcessSpec& spec);

  LineProcess(LineProcess&& other) noexcept;
  LineProcess& operator=(LineProcess&&) = delete;
  ~LineProcess();

  // Its stdin and stdout.
  LineStream& stream() { return stream_; }
  Result<std::string> ReadLine(std::chrono::milliseconds timeout) {
    return stream_.ReadLine(timeout);
  }
  Status WriteLine(const std::string& line) { return stream_.WriteLine(line); }

  // -1 once it has ended and was waited for.
  pid_t pid() const { return pid_; }

  // Closes stdin and waits; the exit code, 128 + signal, or 124 when it had to
  // be ended.
  int Finish(std::chrono::milliseconds timeout);

 private:
  LineProcess() = default;
  bool Reap(std::chrono::milliseconds timeout);

  pid_t pid_ = -1;
  int exit_code_ = 0;
  LineStream stream_;
};

}  // namespace gatehouse::cli
