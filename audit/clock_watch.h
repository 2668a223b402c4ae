// SPDX-License-Identifier: Apache-2.0
#pragma once
// Notices when the machine's clock is set: the time of day is held against the
// time since boot, which nobody sets and which goes on through a suspend.
// (Both are slewed alike, so that a clock which is merely corrected is none.)

#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse::audit {

struct ClockReading {
  std::int64_t utc_ns = 0;
  std::int64_t boot_ns = 0;
};
ClockReading ReadClocks();

// A value. One thread.
class ClockWatch {
 public:
  // By how much the clock was set since the last look, where it is more than
  // two seconds; the first look compares with nothing.
  std::optional<std::int64_t> Look(const ClockReading& now);

 private:
  std::optional<std::int64_t> offset_ns_;
};

// "the clock was set forward by 3.2 s", "… back …"
std::string DescribeStep(std::int64_t by_ns);

}  // namespace gatehouse::audit
