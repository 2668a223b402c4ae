// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_launch.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>

#include "proxy/fd.h"

namespace gatehouse {
namespace {

class LaunchTest : public ::testing::Test {
 protected:
  LaunchTest() {
    auto pair = std::move(MakeSocketPair()).value();
    guard_ = std::move(pair.first);
    keeper_ = std::move(pair.second);
  }
  // Both ends at once: a long one waits for its reader.
  std::optional<ServerLaunch> Pass(const ServerLaunch& launch) {
    std::thread sender(
        [&] { EXPECT_TRUE(SendLaunch(guard_.get(), launch).ok()); });
    auto received = ReceiveLaunch(keeper_.get());
    sender.join();
    return received;
  }

  UniqueFd guard_;
  UniqueFd keeper_;
};

TEST_F(LaunchTest, ArrivesAsItWasSent) {
  const std::string long_one(120'000, 'x');
  const ServerLaunch rows[] = {
      {{"true"}, {}},
      {{"sh", "-c", "", "a b\n"}, {"A=", "B=1=2", ""}},
      {{"sh", long_one}, {"A=" + long_one, "B=" + long_one, "C=c"}},
  };
  for (const ServerLaunch& row : rows) {
    const auto received = Pass(row);
    ASSERT_TRUE(received.has_value());
    EXPECT_EQ(received->argv, row.argv);
    EXPECT_EQ(received->environment, row.environment);
  }
}

TEST_F(LaunchTest, IsNoneWhereTheGuardIsGoneOrOrdersSomethingElse) {
  const int order[2] = {300, 400};
  ASSERT_EQ(send(guard_.get(), order, sizeof order, 0), 8);
  EXPECT_FALSE(ReceiveLaunch(keeper_.get()).has_value());
  guard_.Close();
  EXPECT_FALSE(ReceiveLaunch(keeper_.get()).has_value());
}

// In the middle of a long one.
TEST_F(LaunchTest, IsNoneWhereTheGuardDiesWhileItSpeaks) {
  std::string cut(64, '\0');
  cut[0] = 1;    // one word
  cut[8] = 127;  // of so many bytes
  ASSERT_EQ(send(guard_.get(), cut.data(), cut.size(), 0), 64);
  guard_.Close();
  EXPECT_FALSE(ReceiveLaunch(keeper_.get()).has_value());
}

TEST_F(LaunchTest, FailsWhereTheKeeperIsGone) {
  keeper_.Close();
  EXPECT_FALSE(SendLaunch(guard_.get(), {{"true"}, {}}).ok());
}

}  // namespace
}  // namespace gatehouse
