// SPDX-License-Identifier: Apache-2.0
#include "policy/zone_rule.h"

#include <gtest/gtest.h>

#include "policy/time_text.h"

namespace gatehouse {
namespace {

struct ZoneRuleRow {
  std::string_view rule;
  std::string_view time;
  int hours;
};

const ZoneRuleRow kZoneRows[] = {
    {"UTC0", "2030-07-01T00:00:00Z", 0},
    {"<+03>-3", "2030-07-01T00:00:00Z", 3},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2030-01-15T12:00:00Z", 1},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2030-07-15T12:00:00Z", 2},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2030-03-31T00:59:59Z", 1},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2030-03-31T01:00:00Z", 2},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2030-10-27T00:59:59Z", 2},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2030-10-27T01:00:00Z", 1},
    // South of the equator, and Irish winter time, which is the "daylight" one.
    {"NZST-12NZDT,M9.5.0,M4.1.0/3", "2030-01-15T12:00:00Z", 13},
    {"NZST-12NZDT,M9.5.0,M4.1.0/3", "2030-06-15T12:00:00Z", 12},
    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2030-01-15T12:00:00Z", 0},
    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2030-07-15T12:00:00Z", 1},
    // Days of the year, with and without February 29.
    {"A-1B,J60/0,J61/0", "2028-02-29T12:00:00Z", 1},
    {"A-1B,J60/0,J61/0", "2028-03-01T12:00:00Z", 2},
    {"A-1B,59/0,60/0", "2028-02-29T12:00:00Z", 2},
};

TEST(ZoneRule, GivesTheOffsetOfAnInstant) {
  for (ZoneRuleRow row : kZoneRows) {
    // Names have three letters at least.
    std::string text(row.rule);
    if (text.starts_with("A-1B")) text.replace(0, 4, "AAA-1BBB");
    const auto rule = ReadZoneRule(text);
    ASSERT_TRUE(rule.has_value()) << text;
    EXPECT_EQ(rule->OffsetAt(*ReadRfc3339(row.time)),
              std::chrono::hours(row.hours))
        << text << " " << row.time;
  }
}

TEST(ZoneRule, RefusesWhatIsNoRule) {
  for (const char* bad :
       {"", "C", "CET", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J5", "<+03-3", "CET-99",
        "CET-1CEST,M3.5.0,M10.5.0/3x"}) {
    EXPECT_EQ(ReadZoneRule(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace gatehouse
