// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_pace.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

using std::chrono::milliseconds;

TEST(ServerPace, IsBusyWhenNothingIsReadForTooLong) {
  ServerPace pace(milliseconds(100));
  const ServerPace::TimePoint start;
  const auto follow = [&](int at, bool full, std::uint64_t written) {
    return pace.Follow(full, written, start + milliseconds(at));
  };
  EXPECT_FALSE(follow(0, false, 5));
  EXPECT_FALSE(pace.Deadline().has_value());
  EXPECT_FALSE(follow(10, true, 5));
  EXPECT_EQ(pace.Deadline(), start + milliseconds(110));
  EXPECT_FALSE(follow(90, true, 6));  // slow is not stopped
  EXPECT_FALSE(follow(189, true, 6));
  EXPECT_TRUE(follow(190, true, 6));
  EXPECT_FALSE(pace.Deadline().has_value());
  EXPECT_TRUE(follow(200, true, 7));  // until there is room again
  EXPECT_FALSE(follow(210, false, 9));
  EXPECT_FALSE(follow(220, true, 9));
}

}  // namespace
}  // namespace gatehouse
