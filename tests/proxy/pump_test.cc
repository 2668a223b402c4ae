// SPDX-License-Identifier: Apache-2.0
// One wake-up at a time, without a thread: what Wait and Move do with it.
#include "proxy/pump.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace gatehouse {
namespace {

std::vector<Verdict> Forward(std::span<const Frame> frames) {
  std::vector<Verdict> verdicts;
  for (const Frame& frame : frames) {
    verdicts.push_back(
        {Verdict::Kind::kForward, std::string(frame.bytes) + "\n"});
  }
  return verdicts;
}

struct Rig {
  Pipe client_in = std::move(MakePipe()).value();
  Pipe server_in = std::move(MakePipe()).value();
  Pump pump{{std::move(Stream::Adopt(std::move(client_in.read))).value(),
             Framer(100), Forward},
            {Stream(), Framer(100), Forward},
            {1000, 1000, 1000, 1000}};
  Rig() {
    pump.to_server.stream =
        std::move(Stream::Adopt(std::move(server_in.write))).value();
  }
  std::string ServerReads() const {
    std::array<char, 4096> buffer = {};
    const ssize_t count =
        read(server_in.read.get(), buffer.data(), buffer.size());
    return {buffer.data(),
            static_cast<std::size_t>(std::max(count, ssize_t{0}))};
  }
};

TEST(Pump, MovesWhatOneWakeUpBrings) {
  Rig rig;
  ASSERT_EQ(write(rig.client_in.write.get(), "a\nb\nha", 6), 6);
  (void)rig.pump.Wait({-1, -1, 1000});
  EXPECT_TRUE(rig.pump.Move());
  EXPECT_EQ(rig.ServerReads(), "a\nb\n");
  EXPECT_FALSE(rig.pump.client.Silent());
  rig.client_in.write.Close();
  (void)rig.pump.Wait({-1, -1, 1000});
  EXPECT_FALSE(rig.pump.Move());
  EXPECT_TRUE(rig.pump.client.Silent());
  EXPECT_EQ(rig.pump.client.framer.TakeRest(), "ha");
}

// What a batch takes is what a burst leaves behind in the allocator.
TEST(Pump, ABurstIsJudgedInBatchesOfAHundredFramesOrSomeKilobytes) {
  struct Row {
    std::size_t frame_bytes;
    std::vector<std::size_t> batches;
  };
  for (const Row& row : {Row{9, {128, 128, 88}}, Row{4'095, {33, 33, 14}},
                         Row{300'000, {1, 1, 1}}}) {
    std::vector<std::size_t> batches;
    const auto note = [&](std::span<const Frame> frames) {
      batches.push_back(frames.size());
      return std::vector<Verdict>();
    };
    Pipe in = std::move(MakePipe()).value();
    ASSERT_GE(fcntl(in.write.get(), F_SETPIPE_SZ, 1 << 20), 1 << 20);
    std::string burst;
    for (const std::size_t count : row.batches) {
      for (std::size_t i = 0; i < count; ++i) {
        burst += std::string(row.frame_bytes, 'x') + "\n";
      }
    }
    ASSERT_EQ(write(in.write.get(), burst.data(), burst.size()),
              static_cast<ssize_t>(burst.size()));
    Pump pump{{std::move(Stream::Adopt(std::move(in.read))).value(),
               Framer(1 << 20), note},
              {Stream(), Framer(100), Forward},
              {1 << 20, 1 << 20, 1 << 20, 1 << 20}};
    (void)pump.Wait({-1, -1, 1000});
    EXPECT_TRUE(pump.Move());
    EXPECT_EQ(batches, row.batches) << row.frame_bytes;
  }
}

// Or its end is never seen; and once only, or each wait would return at once.
TEST(Pump, TellsOnceThatAClientWhichIsNotReadHasEnded) {
  Rig rig;
  rig.pump.client_held = true;
  ASSERT_EQ(write(rig.client_in.write.get(), "a\n", 2), 2);
  (void)rig.pump.Wait({-1, -1, 1});
  EXPECT_FALSE(rig.pump.client.hung_up);
  rig.client_in.write.Close();
  (void)rig.pump.Wait({-1, -1, 10'000});
  EXPECT_TRUE(rig.pump.client.hung_up);
  EXPECT_FALSE(rig.pump.Move());
  const auto start = std::chrono::steady_clock::now();
  (void)rig.pump.Wait({-1, -1, 50});
  EXPECT_GE(std::chrono::steady_clock::now() - start,
            std::chrono::milliseconds(50));
  rig.pump.client_held = false;
  (void)rig.pump.Wait({-1, -1, 10'000});
  EXPECT_TRUE(rig.pump.Move());
  EXPECT_EQ(rig.ServerReads(), "a\n");
}

TEST(Pump, JudgesNothingOnceTheClientIsNotServed) {
  Rig rig;
  rig.pump.serving_client = false;
  ASSERT_EQ(write(rig.client_in.write.get(), "a\n", 2), 2);
  (void)rig.pump.Wait({-1, -1, 0});
  EXPECT_FALSE(rig.pump.Move());
  EXPECT_EQ(rig.pump.to_server.outbox.pending(), 0U);
}

TEST(Pump, TellsOfSignalsControlAndBrokenSinks) {
  Rig rig;
  const Pipe other = std::move(MakePipe()).value();
  ASSERT_EQ(write(other.write.get(), "x", 1), 1);
  Wakeup wakeup = rig.pump.Wait({other.read.get(), -1, 1000});
  EXPECT_TRUE(wakeup.signalled);
  EXPECT_FALSE(wakeup.child_changed);
  wakeup = rig.pump.Wait({-1, other.read.get(), 1000});
  EXPECT_TRUE(wakeup.child_changed);
  EXPECT_FALSE(rig.pump.to_server.broken);
  rig.server_in.read.Close();
  (void)rig.pump.Wait({-1, -1, 1000});
  EXPECT_TRUE(rig.pump.to_server.broken);
}

TEST(Pump, HandsOnAllLinesOfTheServersStderrInOneWakeUp) {
  Rig rig;
  Pipe err = std::move(MakePipe()).value();
  rig.pump.server_err.stream =
      std::move(Stream::Adopt(std::move(err.read))).value();
  std::size_t lines = 0;
  rig.pump.server_err.judge = [&lines](std::span<const Frame> frames) {
    lines += frames.size();
    return std::vector<Verdict>();
  };
  std::string text;
  for (int i = 0; i < 2'000; ++i) text += "log\n";
  const auto size = static_cast<ssize_t>(text.size());
  ASSERT_EQ(write(err.write.get(), text.data(), text.size()), size);
  (void)rig.pump.Wait({-1, -1, 1000});
  (void)rig.pump.Move();
  EXPECT_EQ(lines, 2'000U);
  ASSERT_EQ(write(err.write.get(), text.data(), text.size()), size);
  rig.pump.DrainServerErr();
  EXPECT_EQ(lines, 4'000U);
}

TEST(Sink, ForgetsWhatIsAddedWhenClosed) {
  Sink sink;
  sink.Add("x\n");
  EXPECT_EQ(sink.outbox.pending(), 0U);
}

// A reader of lines must not take what has left for a message.
TEST(Pump, ALineThatIsBrokenOffIsNoMessage) {
  Pipe pipe = std::move(MakePipe()).value();
  Sink sink{std::move(Stream::Adopt(std::move(pipe.write))).value()};
  sink.Add("{\"id\":1,\"result\":{}} ", FramePart::kFirst);
  sink.Add("behind\n");
  sink.BreakLine();
  sink.Flush();
  std::array<char, 100> buffer = {};
  const ssize_t count = read(pipe.read.get(), buffer.data(), buffer.size());
  ASSERT_GT(count, 0);
  EXPECT_EQ(std::string(buffer.data(), static_cast<std::size_t>(count)),
            "{\"id\":1,\"result\":{}} \x01\nbehind\n");
}

}  // namespace
}  // namespace gatehouse
