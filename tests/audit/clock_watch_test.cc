// SPDX-License-Identifier: Apache-2.0
#include "audit/clock_watch.h"

#include <gtest/gtest.h>

namespace gatehouse::audit {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(ClockWatch, SeesAClockThatIsSetAndNoOther) {
  const struct {
    const char* what;
    std::int64_t utc_s;
    std::int64_t boot_s;
    std::int64_t step_s;  // 0: none
  } kLooks[] = {
      {"the first look", 1000, 10, 0},
      {"time goes by", 1100, 110, 0},
      {"a suspend", 90'000, 89'010, 0},
      {"set forward", 90'013, 89'020, 3},
      {"and that is the time now", 90'014, 89'021, 0},
      {"a little", 90'017, 89'022, 0},
      {"set back", 80'000, 89'023, -10'018},
  };
  ClockWatch watch;
  for (const auto& look : kLooks) {
    const auto step = watch.Look({look.utc_s * kSecond, look.boot_s * kSecond});
    EXPECT_EQ(step.value_or(0), look.step_s * kSecond) << look.what;
    EXPECT_EQ(step.has_value(), look.step_s != 0) << look.what;
  }
}

TEST(ClockWatch, ReadsThisMachinesClocks) {
  ClockWatch watch;
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(watch.Look(ReadClocks()).has_value());
  }
}

TEST(ClockWatch, SaysHowFar) {
  EXPECT_EQ(DescribeStep(3'250 * (kSecond / 1000)),
            "the clock was set forward by 3.2 s");
  EXPECT_EQ(DescribeStep(-7200 * kSecond),
            "the clock was set back by 7200.0 s");
}

}  // namespace
}  // namespace gatehouse::audit
