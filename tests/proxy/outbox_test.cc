// SPDX-License-Identifier: Apache-2.0
#include "proxy/outbox.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gatehouse {
namespace {

TEST(Outbox, WritesEverythingInOrderThroughAFullPipe) {
  Pipe pipe = std::move(MakePipe()).value();
  Stream reader = Stream::Adopt(std::move(pipe.read)).value();
  Stream writer = Stream::Adopt(std::move(pipe.write)).value();
  Outbox outbox;
  std::string expected;
  for (int i = 0; i < 3000; ++i) {
    // Small lines are joined, big ones are not: both kinds, mixed.
    std::string line(static_cast<std::size_t>(i % 97 == 0 ? 40'000 : i % 50),
                     static_cast<char>('a' + i % 26));
    line += '\n';
    expected += line;
    outbox.Add(std::move(line));
  }
  EXPECT_EQ(outbox.pending(), expected.size());
  std::string received;
  std::vector<char> buffer(70'000);
  bool blocked = false;
  while (received.size() < expected.size()) {
    const IoResult flushed = outbox.Flush(writer);
    blocked = blocked || flushed.state == IoState::kBlocked;
    const IoResult read = reader.Read(buffer);
    ASSERT_EQ(read.state, IoState::kMoved);
    received.append(buffer.data(), read.bytes);
  }
  EXPECT_TRUE(blocked) << "the pipe was never full: the test shows nothing";
  EXPECT_EQ(received, expected);
  EXPECT_EQ(outbox.pending(), 0U);
}

TEST(Outbox, NothingToWriteIsSuccessAndClearForgets) {
  Stream closed;
  Outbox outbox;
  outbox.Add("");
  EXPECT_EQ(outbox.Flush(closed).state, IoState::kMoved);
  outbox.Add("x");
  EXPECT_EQ(outbox.Flush(closed).state, IoState::kFailed);
  EXPECT_EQ(outbox.pending(), 1U);
  outbox.Clear();
  EXPECT_EQ(outbox.Flush(closed).state, IoState::kMoved);
}

}  // namespace
}  // namespace gatehouse
