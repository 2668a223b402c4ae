// SPDX-License-Identifier: Apache-2.0
#include "cli/line_stream.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <string_view>

#include "proxy/relay.h"

namespace gatehouse::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How long a signal that is held back may go unseen.
constexpr milliseconds kSlice{50};

// `events` of poll, or the far side's end, within the time.
Status Await(int fd, short events, steady_clock::time_point end) {
  while (true) {
    // Held back or it would have ended us: there is something to tidy up.
    if (WaitingSignal() != 0) {
      return Error{ErrorCode::kIo, "stopped by a signal"};
    }
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
    if (left.count() <= 0) return Error{ErrorCode::kBusy, "no answer in time"};
    pollfd wait{fd, events, 0};
    const int ready =
        poll(&wait, 1, static_cast<int>(std::min(left, kSlice).count()));
    if (ready > 0) return Done{};
    if (ready < 0 && errno != EINTR) return SystemError("poll", errno);
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
    const Status readable = Await(out_.get(), POLLIN, end);
    if (!readable.ok()) return readable.error();
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
    // The far side need not read. A writable pipe takes this much at once.
    Status writable =
        Await(in_.get(), POLLOUT, steady_clock::time_point::max());
    if (!writable.ok()) return writable;
    ssize_t put = write(in_.get(), left.data(),
                        std::min<std::size_t>(left.size(), PIPE_BUF));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return SystemError("cannot write to the program", errno);
    left.remove_prefix(static_cast<std::size_t>(put));
  }
  return Done{};
}

}  // namespace gatehouse::cli
