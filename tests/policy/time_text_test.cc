// SPDX-License-Identifier: Apache-2.0
#include "policy/time_text.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

using std::chrono::seconds;

TEST(TimeText, ReadsDurationsAndNothingElse) {
  const std::pair<std::string_view, int> good[] = {
      {"90s", 90},     {"2m", 120}, {"1h30m", 5400}, {"14d", 1209600},
      {"2w", 1209600}, {"0s", 0},   {"007m", 420},   {"1d1h", 90000},
  };
  for (const auto& [text, count] : good) {
    EXPECT_EQ(ReadDuration(text), seconds(count)) << text;
  }
  for (const char* bad : {"", "s", "5", "-5s", "5 s", "5y", "1.5h", "+1h",
                          "9999999999s", "999999999d", "1h-30m", "1h30"}) {
    EXPECT_EQ(ReadDuration(bad), std::nullopt) << bad;
  }
}

TEST(TimeText, WritesTheShortestDuration) {
  for (const char* text : {"0s", "90s", "2m", "3h", "14d", "3601s"}) {
    EXPECT_EQ(DurationText(*ReadDuration(text)), text);
  }
  EXPECT_EQ(DurationText(seconds(120 * 60)), "2h");
}

TEST(TimeText, ReadsRfc3339WithItsZone) {
  const std::pair<std::string_view, std::string_view> good[] = {
      {"2026-11-27T18:00:00Z", "2026-11-27T18:00:00Z"},
      {"2026-11-27T18:00:00+02:00", "2026-11-27T16:00:00Z"},
      {"2026-11-27t18:00:00.75z", "2026-11-27T18:00:00Z"},
      {"2027-01-01T00:30:00+01:00", "2026-12-31T23:30:00Z"},
      {"2028-02-29T23:59:60-03:30", "2028-03-01T03:29:59Z"},
  };
  for (const auto& [text, same] : good) {
    const auto time = ReadRfc3339(text);
    ASSERT_TRUE(time.has_value()) << text;
    EXPECT_EQ(Rfc3339(*time), same) << text;
  }
  for (const char* bad :
       {"", "2026-11-27", "2026-11-27T18:00:00", "2026-11-27 18:00:00Z",
        "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-27T24:00:00Z",
        "2026-11-27T18:00Z", "2026-11-27T18:00:00+0200",
        "2026-11-27T18:00:00.Z", "2026-11-27T18:00:00Zx",
        "1969-12-31T00:00:00Z", "2026-11-27T18:00:00+24:00",
        "2026-11-27T-1:00:00Z"}) {
    EXPECT_EQ(ReadRfc3339(bad), std::nullopt) << bad;
  }
}

TEST(TimeText, ReadsClockTimes) {
  EXPECT_EQ(ReadClock("00:00"), 0);
  EXPECT_EQ(ReadClock("09:30"), 570);
  EXPECT_EQ(ReadClock("24:00"), 1440);
  for (const char* bad : {"", "9:30", "24:01", "09:60", "0930", "09:3x"}) {
    EXPECT_EQ(ReadClock(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace gatehouse
