// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rule by which a zone's clock goes on after the last change that its file
// lists: POSIX TZ as extended by RFC 8536 ("CET-1CEST,M3.5.0,M10.5.0/3"). Part
// of time_zone.

#include <chrono>
#include <optional>
#include <string_view>

namespace gatehouse {

// When in a year the clock changes.
struct ChangeRule {
  enum class Kind : unsigned char {
    kJulian = 0,  // Jn: day 1 to 365, February 29 is not counted
    kDayOfYear,   // n: day 0 to 365
    kMonth,       // Mm.w.d: the w-th weekday d of month m; week 5 is the last
  };
  Kind kind = Kind::kJulian;
  int month = 1;
  int week = 1;
  int day = 1;
  std::chrono::seconds time{7200};  // of local time; may pass midnight
};

struct ZoneRule {
  std::chrono::seconds standard{0};  // east of UTC
  std::optional<std::chrono::seconds> daylight;
  ChangeRule start;  // of daylight saving
  ChangeRule end;

  std::chrono::seconds OffsetAt(std::chrono::sys_seconds time) const noexcept;
};

std::optional<ZoneRule> ReadZoneRule(std::string_view text);

}  // namespace gatehouse
