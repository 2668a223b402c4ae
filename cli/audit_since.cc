// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_since.h"

#include <charconv>
#include <chrono>

namespace gatehouse::cli {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::optional<std::int64_t> UnitSeconds(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    case 'w':
      return 7 * 86400;
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> Number(std::string_view digits) {
  constexpr std::size_t kMostDigits = 9;  // 3000 years in seconds do not fit
  if (digits.empty() || digits.size() > kMostDigits || digits[0] == '-') {
    return std::nullopt;
  }
  std::int64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

std::optional<std::int64_t> Date(std::string_view text) {
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
      std::chrono::year(static_cast<int>(*year)),
      std::chrono::month(static_cast<unsigned>(*month)),
      std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const std::chrono::sys_days instant(date);
  return instant.time_since_epoch().count() * 86400 * kSecond;
}

}  // namespace

std::optional<std::int64_t> ReadSince(std::string_view text,
                                      std::int64_t now_ns) {
  if (text.empty()) return std::nullopt;
  const auto unit = UnitSeconds(text.back());
  if (!unit) return Date(text);
  const auto count = Number(text.substr(0, text.size() - 1));
  // As far back as the clock reaches, and no farther.
  if (!count || *count > now_ns / kSecond / *unit) return std::nullopt;
  return now_ns - *count * *unit * kSecond;
}

}  // namespace gatehouse::cli
