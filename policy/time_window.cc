// SPDX-License-Identifier: Apache-2.0
#include "policy/time_window.h"

#include <algorithm>
#include <array>

#include "policy/time_text.h"

namespace gatehouse {
namespace {

constexpr int kDay = 24 * 60;
constexpr std::array<std::string_view, 7> kDayNames = {
    "sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::optional<std::size_t> Weekday(std::string_view name) {
  const auto* found = std::find(kDayNames.begin(), kDayNames.end(), name);
  if (found == kDayNames.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDayNames.begin());
}

}  // namespace

std::optional<Weekdays> ReadWeekdays(std::string_view word) {
  const std::size_t dash = word.find('-');
  const auto from = Weekday(word.substr(0, dash));
  const auto to =
      dash == std::string_view::npos ? from : Weekday(word.substr(dash + 1));
  if (!from || !to) return std::nullopt;
  Weekdays days;
  for (std::size_t day = *from;; day = (day + 1) % days.size()) {
    days.set(day);
    if (day == *to) return days;
  }
}

std::optional<HourRange> ReadHours(std::string_view word) {
  if (word.size() != 11 || word[5] != '-') return std::nullopt;
  const auto from = ReadClock(word.substr(0, 5));
  const auto to = ReadClock(word.substr(6));
  if (!from || !to || *from == *to || *from == kDay) return std::nullopt;
  return HourRange{*from, *to};
}

bool TimeWindow::Holds(std::chrono::sys_seconds time) const noexcept {
  using std::chrono::floor;
  // Wall-clock time: an hour that is skipped never comes, one that is
  // repeated comes twice.
  const auto local = time + zone->OffsetAt(time);
  const auto date = floor<std::chrono::days>(local);
  const auto minute = floor<std::chrono::minutes>(local - date).count();
  const unsigned today = std::chrono::weekday(date).c_encoding();
  const unsigned yesterday = (today + 6) % 7;
  if (hours.empty()) return days.test(today);
  return std::any_of(hours.begin(), hours.end(), [&](const HourRange& range) {
    if (range.from < range.to) {
      return days.test(today) && range.from <= minute && minute < range.to;
    }
    return (days.test(today) && range.from <= minute) ||
           (days.test(yesterday) && minute < range.to);
  });
}

}  // namespace gatehouse
