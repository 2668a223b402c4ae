// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bucket of tokens: lets a burst through and then one each second. For what
// hostile peers could ask for without end: answers to frames without an id,
// records of a server's noise.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace gatehouse {

// A value; one thread.
class RateLimit {
 public:
  explicit RateLimit(std::int64_t burst) : burst_(burst), tokens_(burst) {}

  // Whether one more may pass now; if not, it is counted.
  bool Allow(std::chrono::steady_clock::time_point now) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now - last_).count();
    if (seconds > 0) {
      tokens_ = std::min(burst_, tokens_ + seconds);
      last_ = now;
    }
    if (tokens_ == 0) {
      ++suppressed_;
      return false;
    }
    --tokens_;
    return true;
  }

  // How many were held back since this was last asked.
  std::uint64_t TakeSuppressed() { return std::exchange(suppressed_, 0); }

 private:
  std::int64_t burst_;
  std::int64_t tokens_;
  std::chrono::steady_clock::time_point last_{};
  std::uint64_t suppressed_ = 0;
};

}  // namespace gatehouse
