// SPDX-License-Identifier: Apache-2.0
#pragma once
// Time as the gates see it: a seam, so that a test can set it. Records bear
// UTC; durations and rate limits use the monotonic clock.

#include <chrono>

namespace gatehouse {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::system_clock::time_point UtcNow() const = 0;
  virtual std::chrono::steady_clock::time_point MonotonicNow() const = 0;
};

// The machine's clocks. Stateless; any thread.
class SystemClock final : public Clock {
 public:
  std::chrono::system_clock::time_point UtcNow() const override {
    return std::chrono::system_clock::now();
  }
  std::chrono::steady_clock::time_point MonotonicNow() const override {
    return std::chrono::steady_clock::now();
  }
};

}  // namespace gatehouse
