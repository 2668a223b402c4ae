// SPDX-License-Identifier: Apache-2.0
#include "audit/utc_time.h"

#include <chrono>
#include <cstdio>

namespace gatehouse::audit {

std::string FormatUtc(std::int64_t time_ns) {
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::nanoseconds> instant{
      std::chrono::nanoseconds(time_ns)};
  const auto day = floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(instant - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02ld:%02ld:%02ld.%09ldZ",
                static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()),
                static_cast<long>(clock.hours().count()),
                static_cast<long>(clock.minutes().count()),
                static_cast<long>(clock.seconds().count()),
                static_cast<long>(clock.subseconds().count()));
  return text;
}

std::optional<std::int64_t> ParseUtc(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  long hour = 0, minute = 0, second = 0, fraction = 0;
  const std::string copy(text.substr(0, 40));
  if (std::sscanf(copy.c_str(), "%4d-%2u-%2uT%2ld:%2ld:%2ld.%9ldZ", &year,
                  &month, &day, &hour, &minute, &second, &fraction) != 7) {
    return std::nullopt;
  }
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(month),
                            std::chrono::day(day)};
  if (!date.ok() || year < 1970 || year > 2200) return std::nullopt;
  const auto instant = sys_days(date) + hours(hour) + minutes(minute) +
                       seconds(second) + nanoseconds(fraction);
  const std::int64_t time_ns = nanoseconds(instant.time_since_epoch()).count();
  if (FormatUtc(time_ns) != text) return std::nullopt;
  return time_ns;
}

std::int64_t NowNanoseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace gatehouse::audit
