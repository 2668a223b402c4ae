// SPDX-License-Identifier: Apache-2.0
#pragma once
// A clock that a test sets: it stands still unless told to move.

#include <chrono>

#include "proxy/clock.h"

namespace gatehouse {

class FakeClock final : public Clock {
 public:
  std::chrono::system_clock::time_point UtcNow() const override { return utc_; }
  std::chrono::steady_clock::time_point MonotonicNow() const override {
    return monotonic_;
  }
  void Advance(std::chrono::microseconds by) {
    utc_ += by;
    monotonic_ += by;
  }

 private:
  // 2026-08-01T00:00:00Z
  std::chrono::system_clock::time_point utc_{std::chrono::seconds(1785542400)};
  std::chrono::steady_clock::time_point monotonic_{std::chrono::hours(1)};
};

}  // namespace gatehouse
