// SPDX-License-Identifier: Apache-2.0
#include "proxy/rate_limit.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace gatehouse {
namespace {

TEST(RateLimit, LetsABurstThroughAndThenOneEachSecond) {
  FakeClock clock;
  RateLimit limit(3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.Allow(clock.MonotonicNow()));
  EXPECT_FALSE(limit.Allow(clock.MonotonicNow()));
  EXPECT_FALSE(limit.Allow(clock.MonotonicNow()));
  EXPECT_EQ(limit.TakeSuppressed(), 2u);
  EXPECT_EQ(limit.TakeSuppressed(), 0u);

  clock.Advance(std::chrono::milliseconds(1001));
  EXPECT_TRUE(limit.Allow(clock.MonotonicNow()));
  EXPECT_FALSE(limit.Allow(clock.MonotonicNow()));
}

TEST(RateLimit, NeverSavesUpMoreThanItsBurst) {
  FakeClock clock;
  RateLimit limit(2);
  clock.Advance(std::chrono::hours(1));
  EXPECT_TRUE(limit.Allow(clock.MonotonicNow()));
  EXPECT_TRUE(limit.Allow(clock.MonotonicNow()));
  EXPECT_FALSE(limit.Allow(clock.MonotonicNow()));
}

}  // namespace
}  // namespace gatehouse
