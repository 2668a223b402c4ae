// SPDX-License-Identifier: Apache-2.0
#include "audit/clock_watch.h"

#include <time.h>

#include <cstdlib>
#include <utility>

#include "audit/utc_time.h"

namespace gatehouse::audit {
namespace {

constexpr std::int64_t kTolerated = 2 * kNanosecondsPerSecond;

}  // namespace

ClockReading ReadClocks() {
  timespec boot{};
  clock_gettime(CLOCK_BOOTTIME, &boot);
  return {NowNanoseconds(), boot.tv_sec * kNanosecondsPerSecond + boot.tv_nsec};
}

std::optional<std::int64_t> ClockWatch::Look(const ClockReading& now) {
  const std::int64_t offset = now.utc_ns - now.boot_ns;
  const auto before = std::exchange(offset_ns_, offset);
  if (!before || std::abs(offset - *before) <= kTolerated) return std::nullopt;
  return offset - *before;
}

std::string DescribeStep(std::int64_t by_ns) {
  const std::int64_t tenths = std::abs(by_ns) / (kNanosecondsPerSecond / 10);
  return std::string("the clock was set ") + (by_ns < 0 ? "back" : "forward") +
         " by " + std::to_string(tenths / 10) + "." +
         std::to_string(tenths % 10) + " s";
}

}  // namespace gatehouse::audit
