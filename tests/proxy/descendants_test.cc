// SPDX-License-Identifier: Apache-2.0
#include "proxy/descendants.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "proxy/fd.h"
#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Descendants, AreFoundThroughSessions) {
  const pid_t below = fork();
  if (below == 0) {
    setsid();
    while (true) pause();
  }
  const std::vector<pid_t> found = DescendantsOf(getpid());
  EXPECT_EQ(found, std::vector<pid_t>{below});
  std::vector<pid_t> ended;
  const int left = EndDescendants(
      seconds(5), [&](const EndedProcess& one) { ended.push_back(one.pid); });
  EXPECT_EQ(left, 0);
  EXPECT_EQ(ended, std::vector<pid_t>{below});
  EXPECT_TRUE(DescendantsOf(getpid()).empty());
}

// The id of a grandchild whose parent goes first comes to the reaper.
TEST(Descendants, OrphansAreEndedToo) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const Pipe told = std::move(MakePipe()).value();
  const pid_t below = fork();
  if (below == 0) {
    const pid_t grandchild = fork();
    if (grandchild == 0) {
      setsid();
      signal(SIGTERM, SIG_IGN);
      while (true) pause();
    }
    (void)!write(told.write.get(), &grandchild, sizeof grandchild);
    _exit(0);
  }
  pid_t grandchild = 0;
  ASSERT_EQ(read(told.read.get(), &grandchild, sizeof grandchild),
            static_cast<ssize_t>(sizeof grandchild));
  ASSERT_TRUE(
      testing::Eventually([&] { return DescendantsOf(getpid()).size() == 1; }));
  EXPECT_EQ(EndDescendants(milliseconds(20), [](const EndedProcess&) {}), 0);
  EXPECT_FALSE(testing::IsAlive(grandchild));
}

}  // namespace
}  // namespace gatehouse
