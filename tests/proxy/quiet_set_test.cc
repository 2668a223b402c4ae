// SPDX-License-Identifier: Apache-2.0
#include "proxy/quiet_set.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace gatehouse {
namespace {

bool IsReadable(int fd) {
  pollfd one{fd, POLLIN, 0};
  return poll(&one, 1, 0) == 1;
}

TEST(QuietSet, TellsForAllOfThem) {
  Pipe first = std::move(MakePipe()).value();
  Pipe second = std::move(MakePipe()).value();
  QuietSet set;
  const std::array<pollfd, 4> fds = {
      pollfd{first.read.get(), POLLIN, 0}, pollfd{-1, POLLIN, 0},
      pollfd{second.read.get(), POLLIN, 0}, pollfd{first.write.get(), 0, 0}};
  const int fd = set.Watch(fds);
  ASSERT_GE(fd, 0);
  EXPECT_FALSE(IsReadable(fd));
  ASSERT_EQ(write(second.write.get(), "x", 1), 1);
  EXPECT_TRUE(IsReadable(fd));
  char byte = 0;
  ASSERT_EQ(read(second.read.get(), &byte, 1), 1);
  EXPECT_FALSE(IsReadable(fd));
  EXPECT_EQ(set.Watch(fds), fd);
}

// Of a sink only errors are asked for: its reader is gone.
TEST(QuietSet, TellsOfErrorsThatNobodyAskedFor) {
  Pipe pipe = std::move(MakePipe()).value();
  QuietSet set;
  const std::array<pollfd, 1> fds = {pollfd{pipe.write.get(), 0, 0}};
  const int fd = set.Watch(fds);
  EXPECT_FALSE(IsReadable(fd));
  pipe.read.Close();
  EXPECT_TRUE(IsReadable(fd));
}

// Also where another process, or another descriptor, keeps what was closed.
TEST(QuietSet, ForgetsWhatIsNotAmongThemAnyMore) {
  Pipe pipe = std::move(MakePipe()).value();
  const UniqueFd other(dup(pipe.read.get()));
  QuietSet set;
  std::array<pollfd, 1> fds = {pollfd{pipe.read.get(), POLLIN, 0}};
  ASSERT_GE(set.Watch(fds), 0);
  pipe.read.Close();
  ASSERT_EQ(write(pipe.write.get(), "x", 1), 1);
  fds[0].fd = -1;
  EXPECT_FALSE(IsReadable(set.Watch(fds)));
}

TEST(QuietSet, SaysWhatCannotBeWatched) {
  const UniqueFd file(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  QuietSet set;
  const std::array<pollfd, 1> fds = {pollfd{file.get(), POLLIN, 0}};
  EXPECT_EQ(set.Watch(fds), -1);
  EXPECT_EQ(set.Watch(fds), -1);
}

}  // namespace
}  // namespace gatehouse
