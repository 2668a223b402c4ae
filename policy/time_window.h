// SPDX-License-Identifier: Apache-2.0
#pragma once
// `when`: the days and hours, in one zone, at which a rule applies.

#include <bitset>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "policy/time_zone.h"

namespace gatehouse {

// Days of the week, Sunday first, as std::chrono counts them.
using Weekdays = std::bitset<7>;

// "mon", "mon-fri", "sat-sun", "fri-mon".
std::optional<Weekdays> ReadWeekdays(std::string_view word);

// Minutes since midnight, [from, to). Where `to` is not after `from` it is
// that of the next day, and the whole belongs to the day on which it began.
struct HourRange {
  int from = 0;
  int to = 0;
};
// "09:00-17:30", "22:00-06:00", "00:00-24:00".
std::optional<HourRange> ReadHours(std::string_view word);

struct TimeWindow {
  Weekdays days = Weekdays().set();
  std::vector<HourRange> hours;  // empty: all day
  std::shared_ptr<const TimeZone> zone;

  bool Holds(std::chrono::sys_seconds time) const noexcept;
};

}  // namespace gatehouse
