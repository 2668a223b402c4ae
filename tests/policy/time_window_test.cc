// SPDX-License-Identifier: Apache-2.0
#include "policy/time_window.h"

#include <gtest/gtest.h>

#include "policy/time_text.h"
#include "policy_fixture.h"

namespace gatehouse {
namespace {

TimeWindow Window(std::initializer_list<std::string_view> days,
                  std::initializer_list<std::string_view> hours,
                  const TimeZone& zone = {}) {
  TimeWindow window;
  if (days.size() > 0) window.days.reset();
  for (std::string_view word : days) window.days |= *ReadWeekdays(word);
  for (std::string_view word : hours) {
    window.hours.push_back(*ReadHours(word));
  }
  window.zone = std::make_shared<const TimeZone>(zone);
  return window;
}

// 2026-11-27 is a Friday.
TEST(TimeWindow, HoldsAtItsDaysAndHours) {
  const TimeWindow office = Window({"mon-fri"}, {"09:00-17:30"});
  const TimeWindow night = Window({"fri"}, {"22:00-06:00"});
  const TimeWindow weekend = Window({"sat-sun"}, {});
  const TimeWindow always = Window({}, {"00:00-24:00"});
  struct Row {
    std::string_view time;
    bool office, night, weekend;
  };
  const Row rows[] = {
      {"2026-11-27T08:59:59Z", false, false, false},
      {"2026-11-27T09:00:00Z", true, false, false},
      {"2026-11-27T17:29:59Z", true, false, false},
      {"2026-11-27T17:30:00Z", false, false, false},
      {"2026-11-27T05:00:00Z", false, false, false},  // Thursday's night
      {"2026-11-27T23:00:00Z", false, true, false},
      {"2026-11-28T05:59:59Z", false, true, true},
      {"2026-11-28T06:00:00Z", false, false, true},
      {"2026-11-28T10:00:00Z", false, false, true},
      {"2026-11-28T22:30:00Z", false, false, true},
      {"2026-11-30T00:00:00Z", false, false, false},
  };
  for (const Row& row : rows) {
    const auto time = *ReadRfc3339(row.time);
    EXPECT_EQ(office.Holds(time), row.office) << row.time;
    EXPECT_EQ(night.Holds(time), row.night) << row.time;
    EXPECT_EQ(weekend.Holds(time), row.weekend) << row.time;
    EXPECT_TRUE(always.Holds(time)) << row.time;
  }
}

TEST(TimeWindow, FollowsDaylightSaving) {
  const auto data = testing::SystemZone("Europe/Berlin");
  ASSERT_TRUE(data.ok()) << "install tzdata";
  const TimeZone berlin = TimeZone::Read(data.value()).value();
  const TimeWindow office = Window({}, {"09:00-17:00"}, berlin);
  EXPECT_TRUE(office.Holds(*ReadRfc3339("2026-07-01T07:30:00Z")));
  EXPECT_FALSE(office.Holds(*ReadRfc3339("2026-12-01T07:30:00Z")));
  EXPECT_TRUE(office.Holds(*ReadRfc3339("2026-12-01T08:30:00Z")));
  // 02:00-03:00 is skipped on 2026-03-29 and comes twice on 2026-10-25.
  const TimeWindow two = Window({"sun"}, {"02:00-03:00"}, berlin);
  int minutes = 0;
  for (int i = 0; i < 24 * 60; ++i) {
    const auto at = *ReadRfc3339("2026-03-29T00:00:00Z");
    minutes += two.Holds(at + std::chrono::minutes(i)) ? 1 : 0;
  }
  EXPECT_EQ(minutes, 0);
  for (int i = 0; i < 24 * 60; ++i) {
    const auto at = *ReadRfc3339("2026-10-25T00:00:00Z");
    minutes += two.Holds(at + std::chrono::minutes(i)) ? 1 : 0;
  }
  EXPECT_EQ(minutes, 120);
}

TEST(TimeWindow, ReadsDaysAndHours) {
  EXPECT_EQ(ReadWeekdays("fri-mon")->to_string(), "1100011");
  EXPECT_EQ(ReadWeekdays("sun")->count(), 1u);
  for (const char* bad : {"", "monday", "Mon", "mon-", "-fri", "mon,tue"}) {
    EXPECT_EQ(ReadWeekdays(bad), std::nullopt) << bad;
  }
  for (const char* bad : {"", "9-17", "09:00", "09:00-09:00", "24:00-06:00",
                          "09:00-24:30", "09:00 17:00"}) {
    EXPECT_FALSE(ReadHours(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace gatehouse
