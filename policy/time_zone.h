// SPDX-License-Identifier: Apache-2.0
#pragma once
// A time zone of the IANA database, from the bytes of its TZif file (RFC
// 8536), so that `when` knows daylight saving. g++ 12 has no
// std::chrono::tzdb, and libc's zones are one for a whole process. Who
// compiles a policy hands the bytes in: this opens no file.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "policy/result.h"
#include "policy/zone_rule.h"

namespace gatehouse {

// A default-made one is UTC. Immutable after Read; any thread.
class TimeZone {
 public:
  // kInvalid, with a clause for an issue: not a TZif file of version 2 or
  // later, or one that contradicts itself.
  static Result<TimeZone> Read(std::string_view tzif);

  // East of UTC.
  std::chrono::seconds OffsetAt(std::chrono::sys_seconds time) const noexcept;

 private:
  struct Change {
    std::int64_t at = 0;  // seconds since 1970
    std::chrono::seconds offset{0};
  };

  std::chrono::seconds first_{0};  // before the first change
  std::vector<Change> changes_;
  std::optional<ZoneRule> after_;  // after the last one
};

}  // namespace gatehouse
