// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether the server has stopped reading: the relay tells what it sees after
// each wake-up. A slow server only makes the client wait; one that has read
// nothing for a while with its pipe full is busy, and its calls are refused,
// until there is room again. Pure; knows no clock.

#include <chrono>
#include <cstdint>
#include <optional>

namespace gatehouse {

class ServerPace {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit ServerPace(std::chrono::milliseconds stalled_after)
      : stalled_after_(stalled_after) {}

  // `full`: more waits for the server than may wait; `written`: the bytes that
  // it has taken so far. Whether it is busy.
  bool Follow(bool full, std::uint64_t written, TimePoint now) {
    if (!full) {
      since_.reset();
    } else if (!since_ || written != written_) {
      since_ = now;
      written_ = written;
    }
    busy_ = since_ && (busy_ || now - *since_ >= stalled_after_);
    return busy_;
  }
  bool busy() const { return busy_; }
  // When it becomes busy if nothing moves; nullopt: not at all.
  std::optional<TimePoint> Deadline() const {
    if (!since_ || busy_) return std::nullopt;
    return *since_ + stalled_after_;
  }

 private:
  std::chrono::milliseconds stalled_after_;
  std::optional<TimePoint> since_;  // full, and nothing was read
  std::uint64_t written_ = 0;       // at that time
  bool busy_ = false;
};

}  // namespace gatehouse
