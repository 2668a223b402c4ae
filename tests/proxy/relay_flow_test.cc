// SPDX-License-Identifier: Apache-2.0
// A side that does not read, and what the relay then holds and does not hold.
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "tests/proxy/relay_fixture.h"
#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

using std::chrono::milliseconds;
using testing::Adopted;
using testing::Eventually;
using testing::ForwardAll;
using testing::ReadSome;
using testing::ReadToEnd;
using testing::RelayTest;
using testing::Say;

// Writes without blocking until nothing more is taken for a while.
std::size_t Stuff(UniqueFd fd, const std::string& block) {
  Stream stream = Adopted(std::move(fd));
  std::size_t total = 0;
  while (true) {
    const IoResult written = stream.Write(block);
    if (written.state == IoState::kMoved) {
      total += written.bytes;
      continue;
    }
    pollfd room = {stream.fd(), POLLOUT, 0};
    if (poll(&room, 1, 300) == 0) return total;
  }
}

TEST_F(RelayTest, AClientThatStopsReadingStopsTheServer) {
  Start();
  const std::string block = std::string(99'999, 'x') + "\n";
  const std::size_t taken = Stuff(std::move(server_out_.write), block);
  // Two pipes, one outbox, one wake-up; never the 64 MB it would like.
  EXPECT_LT(taken, std::size_t{6} << 20);
  const std::string got = ReadToEnd(client_reads());
  EXPECT_GE(got.size(), taken - block.size());
  EXPECT_EQ(Join().reason, RelayExit::Reason::kServerGone);
}

TEST_F(RelayTest, AServerThatStopsReadingStopsTheClient) {
  Start();
  const std::string block = std::string(99'999, 'x') + "\n";
  const std::size_t taken = Stuff(std::move(client_in_.write), block);
  EXPECT_LT(taken, std::size_t{6} << 20);
  EXPECT_GE(ReadToEnd(server_reads()).size(), taken - 2 * block.size());
}

// A megabyte of tiny frames, each with a long answer, for a client that does
// not read: the answers are made as they leave, not all at once.
TEST_F(RelayTest, AnswersDoNotPileUpEither) {
  std::atomic<std::size_t> judged = 0;
  handlers_.from_client = [&](std::span<const Frame> frames) {
    judged += frames.size();
    const Verdict answer{Verdict::Kind::kAnswer, std::string(4095, 'n') + "\n"};
    return std::vector<Verdict>(frames.size(), answer);
  };
  Start();
  std::string frames;
  for (int i = 0; i < 20'000; ++i) frames += "x\n";
  Say(client_writes(), frames);
  ASSERT_TRUE(Eventually([&] { return judged > 0; }));
  std::size_t before = 0;
  Eventually([&] { return std::exchange(before, judged.load()) == judged; });
  EXPECT_LT(judged, 5000U);
  const std::size_t expected = 20'000 * 4096;
  EXPECT_EQ(ReadSome(client_reads(), expected).size(), expected);
  EXPECT_EQ(judged, 20'000U);
}

// Half a line of the server's, then the guard's own answer to the client: that
// waits, or the client would read neither.
TEST_F(RelayTest, NothingIsWrittenIntoAnOpenLine) {
  limits_.max_server_frame_bytes = 4;
  handlers_.from_server = [](std::span<const Frame> frames) {
    std::vector<Verdict> verdicts;
    for (const Frame& frame : frames) {
      const bool last = frame.part == FramePart::kLast;
      verdicts.push_back({Verdict::Kind::kForward,
                          std::string(frame.bytes) + (last ? "\n" : ""),
                          frame.part});
    }
    return verdicts;
  };
  std::atomic<int> answered = 0;
  handlers_.from_client = [&](std::span<const Frame> frames) {
    answered += static_cast<int>(frames.size());
    return std::vector<Verdict>(frames.size(),
                                {Verdict::Kind::kAnswer, "no\n"});
  };
  handlers_.on_server_gone = [] { return std::string("gone\n"); };
  Start();
  Say(server_writes(), "long line ");
  EXPECT_EQ(ReadSome(client_reads(), 10), "long line ");
  Say(client_writes(), "a\nb\n");
  ASSERT_TRUE(Eventually([&] { return answered == 2; }));
  Say(server_writes(), "goes on\nnext one\n");
  EXPECT_EQ(ReadSome(client_reads(), 23), "goes on\nno\nno\nnext one\n");
  // One that is never ended is made no message, and what follows is a new line.
  Say(server_writes(), "cut off");
  EXPECT_EQ(ReadSome(client_reads(), 7), "cut off");
  Say(client_writes(), "c\n");
  ASSERT_TRUE(Eventually([&] { return answered == 3; }));
  server_out_.write.Close();
  EXPECT_EQ(ReadToEnd(client_reads()), "\x01\nno\ngone\n<end>");
  EXPECT_EQ(Join().reason, RelayExit::Reason::kServerGone);
}

// Not for ever: a client whose calls hang learns less than one that is told.
TEST_F(RelayTest, AServerThatStaysStalledIsBusyUntilItReads) {
  limits_.stalled_after = milliseconds(50);
  limits_.max_calls_pending_bytes = 1000;
  std::atomic<bool> busy = false;
  handlers_.on_server_busy = [&](bool now) { busy = now; };
  handlers_.from_client = [&](std::span<const Frame> frames) {
    if (!busy) return ForwardAll(frames);
    return std::vector<Verdict>(frames.size(),
                                {Verdict::Kind::kAnswer, "busy\n"});
  };
  Start();
  const std::string frame(3'000'000, 'x');  // more than a pipe takes
  Say(client_writes(), frame + "\n");
  EXPECT_EQ(ReadSome(server_reads(), 1), "x");  // it was judged
  Say(client_writes(), "refused\n");
  EXPECT_EQ(ReadSome(client_reads(), 5), "busy\n");
  EXPECT_EQ(ReadSome(server_reads(), frame.size()), frame.substr(1) + "\n");
  ASSERT_TRUE(Eventually([&] { return !busy; }));
  Say(client_writes(), "taken\n");
  EXPECT_EQ(ReadSome(server_reads(), 6), "taken\n");
}

}  // namespace
}  // namespace gatehouse
