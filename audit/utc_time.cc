// SPDX-License-Identifier: Apache-2.0
#include "audit/utc_time.h"

#include <chrono>
#include <cstdio>

namespace gatehouse::audit {

namespace {

// `number`, which has no more than so many digits, right before `end`.
void PutDigits(std::int64_t number, int digits, char* end) {
  for (; digits > 0; --digits, number /= 10) {
    *--end = static_cast<char>('0' + number % 10);
  }
}

}  // namespace

// By hand: it stands in each record, and printf would cost a tenth of that.
std::string FormatUtc(std::int64_t time_ns) {
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::nanoseconds> instant{
      std::chrono::nanoseconds(time_ns)};
  const auto day = floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(instant - day);
  std::string text = "0000-00-00T00:00:00.000000000Z";
  char* const at = text.data();
  PutDigits(static_cast<int>(date.year()), 4, at + 4);
  PutDigits(static_cast<unsigned>(date.month()), 2, at + 7);
  PutDigits(static_cast<unsigned>(date.day()), 2, at + 10);
  PutDigits(clock.hours().count(), 2, at + 13);
  PutDigits(clock.minutes().count(), 2, at + 16);
  PutDigits(clock.seconds().count(), 2, at + 19);
  PutDigits(clock.subseconds().count(), 9, at + 29);
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
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok() || year < 1970 || year > 2200) return std::nullopt;
  const auto instant = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                       std::chrono::minutes(minute) +
                       std::chrono::seconds(second) +
                       std::chrono::nanoseconds(fraction);
  const std::int64_t time_ns =
      std::chrono::nanoseconds(instant.time_since_epoch()).count();
  if (FormatUtc(time_ns) != text) return std::nullopt;
  return time_ns;
}

std::int64_t NowNanoseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace gatehouse::audit
