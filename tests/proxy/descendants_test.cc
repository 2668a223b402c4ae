// SPDX-License-Identifier: Apache-2.0
#include "proxy/descendants.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
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

pid_t ForkPaused(bool own_session) {
  const pid_t child = fork();
  if (child != 0) return child;
  if (own_session) setsid();
  while (true) pause();
}

// Started once the clock of processes has moved on.
void WaitForAnotherTick(pid_t since) {
  ASSERT_TRUE(testing::Eventually([since] {
    const pid_t probe = fork();
    if (probe == 0) _exit(0);
    siginfo_t ended = {};
    waitid(P_PID, static_cast<id_t>(probe), &ended, WEXITED | WNOWAIT);
    const bool later = StartOf(probe) > StartOf(since);
    waitpid(probe, nullptr, 0);
    return later;
  }));
}

TEST(Descendants, OfALostChildAreNotThoseFromElsewhere) {
  const pid_t older = ForkPaused(true);
  WaitForAnotherTick(older);
  const pid_t beside = ForkPaused(false);
  WaitForAnotherTick(beside);
  const pid_t lost = ForkPaused(true);
  const ProcessStart began = StartOf(lost);
  EXPECT_TRUE(testing::Eventually([lost] { return getsid(lost) == lost; }));
  EXPECT_EQ(EndDescendantsOfLost(began, seconds(5)), 0);
  EXPECT_FALSE(testing::IsAlive(lost));
  EXPECT_TRUE(testing::IsAlive(older));
  EXPECT_TRUE(testing::IsAlive(beside));
  EXPECT_EQ(EndDescendants(seconds(5), [](const EndedProcess&) {}), 0);
}

TEST(Descendants, ThatCannotBeEndedAreCounted) {
  if (geteuid() != 0) GTEST_SKIP() << "needs another user";
  prctl(PR_SET_CHILD_SUBREAPER, 1);  // ours to end once the tester is gone
  const pid_t tester = fork();
  if (tester == 0) {
    ForkPaused(false);
    if (setresuid(65534, 65534, 65534) != 0) _exit(100);
    _exit(EndDescendants(milliseconds(1), [](const EndedProcess&) {}));
  }
  int status = 0;
  waitpid(tester, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_EQ(EndDescendants(seconds(5), [](const EndedProcess&) {}), 0);
}

}  // namespace
}  // namespace gatehouse
