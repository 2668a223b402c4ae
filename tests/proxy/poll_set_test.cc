// SPDX-License-Identifier: Apache-2.0
#include "proxy/poll_set.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace gatehouse {
namespace {

// Often enough that they are kept, and some times more.
constexpr int kTimes = 12;

void Write(const Pipe& pipe) { ASSERT_EQ(write(pipe.write.get(), "x", 1), 1); }

void ReadFrom(const Pipe& pipe) {
  char byte = 0;
  ASSERT_EQ(read(pipe.read.get(), &byte, 1), 1);
}

TEST(PollSet, TellsWhatPollTellsHoweverOftenItIsAsked) {
  Pipe first = std::move(MakePipe()).value();
  Pipe second = std::move(MakePipe()).value();
  PollSet set;
  for (int i = 0; i < kTimes; ++i) {
    std::array<pollfd, 4> fds = {
        pollfd{first.read.get(), POLLIN, 0}, pollfd{-1, POLLIN, 0},
        pollfd{second.read.get(), POLLIN, 0}, pollfd{first.write.get(), 0, 0}};
    EXPECT_EQ(set.Poll(fds, 0), 0);
    Write(second);
    EXPECT_EQ(set.Poll(fds, 1000), 1);
    EXPECT_EQ(fds[0].revents, 0);
    EXPECT_EQ(fds[1].revents, 0);
    EXPECT_EQ(fds[2].revents, POLLIN);
    EXPECT_EQ(fds[3].revents, 0);
    EXPECT_EQ(set.Poll(fds, 0), 1) << "until it is read";
    ReadFrom(second);
    EXPECT_EQ(set.Poll(fds, 0), 0);
    EXPECT_EQ(fds[2].revents, 0);
  }
}

TEST(PollSet, FollowsWhatIsAskedFor) {
  Pipe pipe = std::move(MakePipe()).value();
  PollSet set;
  for (const short events : {short{0}, short{POLLOUT}, short{0}}) {
    for (int i = 0; i < kTimes; ++i) {
      std::array<pollfd, 1> fds = {pollfd{pipe.write.get(), events, 0}};
      EXPECT_EQ(set.Poll(fds, 0), events == 0 ? 0 : 1);
      EXPECT_EQ(fds[0].revents, events);
    }
  }
}

// Of a sink that has nothing to write: its reader is gone.
TEST(PollSet, TellsOfErrorsThatNobodyAskedFor) {
  Pipe pipe = std::move(MakePipe()).value();
  PollSet set;
  std::array<pollfd, 1> fds = {pollfd{pipe.write.get(), 0, 0}};
  for (int i = 0; i < kTimes; ++i) EXPECT_EQ(set.Poll(fds, 0), 0);
  pipe.read.Close();
  EXPECT_EQ(set.Poll(fds, 0), 1);
  EXPECT_EQ(fds[0].revents, POLLERR);
}

// Also where another process, or another descriptor, keeps what was closed.
TEST(PollSet, ForgetsWhatIsNotAmongThemAnyMore) {
  Pipe pipe = std::move(MakePipe()).value();
  const UniqueFd other(dup(pipe.read.get()));
  PollSet set;
  std::array<pollfd, 1> fds = {pollfd{pipe.read.get(), POLLIN, 0}};
  for (int i = 0; i < kTimes; ++i) EXPECT_EQ(set.Poll(fds, 0), 0);
  pipe.read.Close();
  Write(pipe);
  fds[0].fd = -1;
  for (int i = 0; i < kTimes; ++i) EXPECT_EQ(set.Poll(fds, 0), 0);
}

// The kernel does not keep it, since it never has to be waited for.
TEST(PollSet, PollsAPlainFile) {
  const UniqueFd file(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  PollSet set;
  std::array<pollfd, 1> fds = {pollfd{file.get(), POLLIN, 0}};
  for (int i = 0; i < kTimes; ++i) {
    fds[0].revents = 0;
    EXPECT_EQ(set.Poll(fds, 0), 1);
    EXPECT_EQ(fds[0].revents, POLLIN);
  }
}

}  // namespace
}  // namespace gatehouse
