// SPDX-License-Identifier: Apache-2.0
#include "cli/line_stream.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace gatehouse::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

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

Result<std::string> LineStream::ReadLine(milliseconds timeout) {
  auto end = steady_clock::now() + timeout;
  std::array<char, 65536> block{};
  while (true) {
    std::size_t newline = buffer_.find('\n');
    if (newline != std::string::npos) {
      std::string line = buffer_.substr(0, newline);
      buffer_.erase(0, newline + 1);
      return line;
    }
    if (!AwaitReadable(out_.get(), end)) {
      return Error{ErrorCode::kBusy, "no answer in time"};
    }
    ssize_t got = read(out_.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Error{ErrorCode::kIo, "the program ended"};
    buffer_.append(block.data(), static_cast<std::size_t>(got));
  }
}

Status LineStream::WriteLine(const std::string& line) {
  std::string bytes = line + "\n";
  std::string_view left = bytes;
  while (!left.empty()) {
    ssize_t put = write(in_.get(), left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return SystemError("cannot write to the program", errno);
    left.remove_prefix(static_cast<std::size_t>(put));
  }
  return Done{};
}

}  // namespace gatehouse::cli
