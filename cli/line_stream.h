// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lines over two descriptors, with a time limit on each: the far side may be a
// program of ours (line_process.h) or a server in a keeper's hands
// (server_session.h).

#include <chrono>
#include <string>

#include "policy/result.h"
#include "proxy/fd.h"

namespace gatehouse::cli {

// Owns both ends. Movable; one thread.
class LineStream {
 public:
  LineStream() = default;
  // Blocking ends: `in` is written to, `out` is read from.
  LineStream(UniqueFd in, UniqueFd out)
      : in_(std::move(in)), out_(std::move(out)) {}

  // The next line without its "\n". kIo at the end of the stream, or where a
  // signal waits (WaitingSignal); kBusy when `timeout` passed first.
  Result<std::string> ReadLine(std::chrono::milliseconds timeout);
  // `line` without the "\n". kIo as above.
  Status WriteLine(const std::string& line);

  void CloseInput() { in_.Close(); }

 private:
  UniqueFd in_;
  UniqueFd out_;
  std::string buffer_;
};

}  // namespace gatehouse::cli
