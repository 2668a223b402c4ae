// SPDX-License-Identifier: Apache-2.0
#include "policy/zone_rule.h"

#include <algorithm>

namespace gatehouse {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// Takes what it reads off the front of the text; false once anything was
// wrong.
class RuleScanner {
 public:
  explicit RuleScanner(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return rest_.empty(); }
  char Peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool Accept(char c) {
    if (Peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Expect(char c) { ok_ = Accept(c) && ok_; }

  int Number(int least, int most) {
    int number = 0;
    std::size_t digits = 0;
    while (digits < 4 && Peek() >= '0' && Peek() <= '9') {
      number = number * 10 + (Peek() - '0');
      rest_.remove_prefix(1);
      ++digits;
    }
    ok_ = ok_ && digits > 0 && number >= least && number <= most;
    return number;
  }

  // "CET" or "<+03>": not used, but must be there.
  void Name() {
    if (Accept('<')) {
      const std::size_t end = rest_.find('>');
      ok_ = ok_ && end != std::string_view::npos && end > 0;
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size()
                                                        : end + 1);
      return;
    }
    const auto letter = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    const auto* end = std::find_if_not(rest_.begin(), rest_.end(), letter);
    ok_ = ok_ && end - rest_.begin() >= 3;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
  }

  // [+-]hh[:mm[:ss]]
  seconds Time(int most_hours) {
    const bool negative = Accept('-');
    if (!negative) Accept('+');
    int total = Number(0, most_hours) * 3600;
    if (Accept(':')) {
      total += Number(0, 59) * 60;
      if (Accept(':')) total += Number(0, 59);
    }
    return seconds(negative ? -total : total);
  }

  ChangeRule Change() {
    ChangeRule rule;
    if (Accept('M')) {
      rule.kind = ChangeRule::Kind::kMonth;
      rule.month = Number(1, 12);
      Expect('.');
      rule.week = Number(1, 5);
      Expect('.');
      rule.day = Number(0, 6);
    } else if (Accept('J')) {
      rule.day = Number(1, 365);
    } else {
      rule.kind = ChangeRule::Kind::kDayOfYear;
      rule.day = Number(0, 365);
    }
    if (Accept('/')) rule.time = Time(167);
    return rule;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

sys_days DayOf(const ChangeRule& rule, std::chrono::year year) {
  const sys_days first = year / std::chrono::January / 1;
  switch (rule.kind) {
    case ChangeRule::Kind::kJulian: {
      constexpr int kLastOfFebruary = 59;
      const bool after = year.is_leap() && rule.day > kLastOfFebruary;
      return first + days(rule.day - (after ? 0 : 1));
    }
    case ChangeRule::Kind::kDayOfYear:
      return first + days(rule.day);
    case ChangeRule::Kind::kMonth:
      break;
  }
  const auto month = std::chrono::month(static_cast<unsigned>(rule.month));
  const auto weekday = std::chrono::weekday(static_cast<unsigned>(rule.day));
  if (rule.week == 5) return year / month / weekday[std::chrono::last];
  return year / month / weekday[static_cast<unsigned>(rule.week)];
}

// The change as an instant: its local time is that of the offset before it.
sys_seconds InstantOf(const ChangeRule& rule, std::chrono::year year,
                      seconds before) {
  return sys_seconds(DayOf(rule, year)) + rule.time - before;
}

}  // namespace

seconds ZoneRule::OffsetAt(sys_seconds time) const noexcept {
  if (!daylight) return standard;
  const std::chrono::year_month_day local(
      std::chrono::floor<days>(time + standard));
  const sys_seconds from = InstantOf(start, local.year(), standard);
  const sys_seconds to = InstantOf(end, local.year(), *daylight);
  // South of the equator daylight saving spans the new year.
  const bool saving =
      from < to ? from <= time && time < to : !(to <= time && time < from);
  return saving ? *daylight : standard;
}

std::optional<ZoneRule> ReadZoneRule(std::string_view text) {
  RuleScanner scanner(text);
  ZoneRule rule;
  scanner.Name();
  rule.standard = -scanner.Time(24);  // POSIX counts west of Greenwich
  if (!scanner.ok()) return std::nullopt;
  if (scanner.AtEnd()) return rule;
  scanner.Name();
  const bool given = scanner.Peek() != ',';
  rule.daylight =
      given ? -scanner.Time(24) : rule.standard + std::chrono::hours(1);
  scanner.Expect(',');
  rule.start = scanner.Change();
  scanner.Expect(',');
  rule.end = scanner.Change();
  if (!scanner.ok() || !scanner.AtEnd()) return std::nullopt;
  return rule;
}

}  // namespace gatehouse
