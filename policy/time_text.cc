// SPDX-License-Identifier: Apache-2.0
#include "policy/time_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace gatehouse {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kLongestSpan = std::int64_t{100} * 366 * 86400;

// Digits only, at most nine of them: no sign, and nothing overflows.
std::optional<int> Number(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::optional<std::int64_t> UnitSeconds(char unit) {
  constexpr std::pair<char, std::int64_t> kUnits[] = {
      {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 7 * 86400}};
  for (const auto& [letter, length] : kUnits) {
    if (letter == unit) return length;
  }
  return std::nullopt;
}

// "Z", "+02:00", "-03:30" in seconds east of UTC.
std::optional<seconds> ReadOffset(std::string_view text) {
  if (text == "Z" || text == "z") return seconds(0);
  if (text.size() != 6 || text[3] != ':') return std::nullopt;
  const auto hours = Number(text.substr(1, 2));
  const auto minutes = Number(text.substr(4, 2));
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const seconds offset(*hours * 3600 + *minutes * 60);
  if (text[0] == '+') return offset;
  return text[0] == '-' ? std::optional<seconds>(-offset) : std::nullopt;
}

std::optional<seconds> ReadTimeOfDay(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') {
    return std::nullopt;
  }
  const auto hour = Number(text.substr(0, 2));
  const auto minute = Number(text.substr(3, 2));
  const auto second = Number(text.substr(6, 2));
  if (!hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return seconds(*hour * 3600 + *minute * 60 + std::min(*second, 59));
}

}  // namespace

std::optional<seconds> ReadDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == std::string_view::npos) return std::nullopt;
    const auto count = Number(text.substr(0, digits));
    const auto unit = UnitSeconds(text[digits]);
    if (!count || !unit) return std::nullopt;
    total += *count * *unit;
    if (total > kLongestSpan) return std::nullopt;
    text.remove_prefix(digits + 1);
  }
  return seconds(total);
}

std::string DurationText(seconds duration) {
  constexpr std::pair<char, std::int64_t> kUnits[] = {
      {'d', 86400}, {'h', 3600}, {'m', 60}};
  const std::int64_t count = duration.count();
  for (const auto& [letter, length] : kUnits) {
    if (count != 0 && count % length == 0) {
      return std::to_string(count / length) + letter;
    }
  }
  return std::to_string(count) + "s";
}

std::optional<std::chrono::sys_seconds> ReadDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto year = Number(text.substr(0, 4));
  const auto month = Number(text.substr(5, 2));
  const auto day = Number(text.substr(8, 2));
  if (!year || !month || !day || *year < 1970 || *year > 2200) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{
      std::chrono::year(*year),
      std::chrono::month(static_cast<unsigned>(*month)),
      std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<std::chrono::sys_seconds> ReadRfc3339(std::string_view text) {
  constexpr std::size_t kDate = 10;
  constexpr std::size_t kSecond = 19;
  if (text.size() <= kSecond || (text[kDate] != 'T' && text[kDate] != 't')) {
    return std::nullopt;
  }
  const auto date = ReadDate(text.substr(0, kDate));
  const auto time = ReadTimeOfDay(text.substr(kDate + 1, 8));
  std::string_view rest = text.substr(kSecond);
  if (rest.starts_with('.')) {
    const std::size_t end = rest.find_first_not_of("0123456789", 1);
    if (end == std::string_view::npos || end == 1) return std::nullopt;
    rest.remove_prefix(end);
  }
  const auto offset = ReadOffset(rest);
  if (!date || !time || !offset) return std::nullopt;
  return *date + *time - *offset;
}

std::string Rfc3339(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02ld:%02ld:%02ldZ",
                static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()),
                static_cast<long>(clock.hours().count()),
                static_cast<long>(clock.minutes().count()),
                static_cast<long>(clock.seconds().count()));
  return text;
}

std::optional<int> ReadClock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = Number(text.substr(0, 2));
  const auto minute = Number(text.substr(3, 2));
  if (!hour || !minute || *minute > 59) return std::nullopt;
  const int minutes = *hour * 60 + *minute;
  return minutes <= 24 * 60 ? std::optional<int>(minutes) : std::nullopt;
}

}  // namespace gatehouse
