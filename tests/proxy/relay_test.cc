// SPDX-License-Identifier: Apache-2.0
// What goes through: frames, verdicts, long lines, waking.
#include "proxy/relay.h"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/proxy/relay_fixture.h"
#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

using testing::Eventually;
using testing::ForwardAll;
using testing::ReadSome;
using testing::ReadToEnd;
using testing::RelayTest;
using testing::Say;

TEST_F(RelayTest, ForwardsBothWaysOneByteAtATime) {
  Start();
  for (const char c : std::string("hello\nworld\n")) {
    Say(client_writes(), std::string(1, c));
  }
  EXPECT_EQ(ReadSome(server_reads(), 12), "hello\nworld\n");
  for (const char c : std::string("back\n")) {
    Say(server_writes(), std::string(1, c));
  }
  EXPECT_EQ(ReadSome(client_reads(), 5), "back\n");
}

// What a thread has made ready goes out although neither side says anything;
// until then the client need not be read.
TEST_F(RelayTest, IsWokenForItsTurnAndHoldsTheClientUntilThen) {
  std::atomic<bool> holds = false;
  std::atomic<int> taken = 0;
  turn_fd_ = UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  handlers_.from_client = [&](std::span<const Frame> frames) {
    holds = true;
    taken += static_cast<int>(frames.size());
    return std::vector<Verdict>();
  };
  handlers_.holds_client = [&] { return holds.load(); };
  handlers_.on_turn = [&]() -> std::vector<Verdict> {
    std::uint64_t told = 0;
    if (read(turn_fd_.get(), &told, sizeof told) < 0) return {};
    holds = false;
    return {{Verdict::Kind::kForward, "ready\n"}};
  };
  Start();
  Say(client_writes(), "one\n");
  ASSERT_TRUE(Eventually([&] { return holds.load(); }));
  Say(client_writes(), "two\n");
  Say(server_writes(), "other\n");
  EXPECT_EQ(ReadSome(client_reads(), 6), "other\n");  // the loop goes on
  EXPECT_EQ(taken, 1);
  const std::uint64_t one = 1;
  ASSERT_EQ(write(turn_fd_.get(), &one, sizeof one), 8);
  EXPECT_EQ(ReadSome(server_reads(), 6), "ready\n");
  EXPECT_TRUE(Eventually([&] { return taken == 2; }));
}

TEST_F(RelayTest, DoesWhatTheVerdictsSay) {
  handlers_.from_client = [](std::span<const Frame> frames) {
    std::vector<Verdict> verdicts;
    for (const Frame& frame : frames) {
      if (frame.bytes == "drop") continue;
      if (frame.bytes == "dropped") verdicts.push_back({});
      if (frame.bytes == "answer" || frame.bytes == "both") {
        verdicts.push_back({Verdict::Kind::kAnswer, "no\n"});
      }
      if (frame.bytes == "both" || frame.bytes == "pass") {
        verdicts.push_back({Verdict::Kind::kForward, "yes\n"});
      }
    }
    return verdicts;
  };
  Start();
  Say(client_writes(), "drop\ndropped\nanswer\nboth\npass\n");
  EXPECT_EQ(ReadSome(client_reads(), 6), "no\nno\n");
  EXPECT_EQ(ReadSome(server_reads(), 8), "yes\nyes\n");
  client_in_.write.Close();
  EXPECT_EQ(ReadToEnd(server_reads()), "<end>");
}

TEST_F(RelayTest, HandsAWholeWakeUpToTheGateAtOnce) {
  std::vector<std::size_t> batches;
  handlers_.from_client = [&](std::span<const Frame> frames) {
    batches.push_back(frames.size());
    return ForwardAll(frames);
  };
  Say(client_writes(), "a\nb\nc\nd\n");
  client_in_.write.Close();
  Start();
  EXPECT_EQ(ReadToEnd(server_reads()), "a\nb\nc\nd\n<end>");
  server_out_.write.Close();
  Join();
  EXPECT_EQ(batches, std::vector<std::size_t>{4});
}

TEST_F(RelayTest, CarriesThousandsOfFramesBothWays) {
  Start();
  std::string sent;
  for (int i = 0; i < 20'000; ++i) {
    sent += std::string(static_cast<std::size_t>(i % 300), 'x') + "\n";
  }
  // Lines of one character run through the gates; blank ones vanish.
  std::string expected;
  for (int i = 0; i < 20'000; ++i) {
    if (i % 300 == 0) continue;
    expected += std::string(static_cast<std::size_t>(i % 300), 'x') + "\n";
  }
  std::thread echo([&] {
    std::vector<char> buffer(50'000);
    while (true) {
      const ssize_t count = read(server_reads(), buffer.data(), buffer.size());
      if (count <= 0) break;
      Say(server_writes(),
          std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    }
    server_out_.write.Close();
  });
  std::thread writer([&] { Say(client_writes(), sent); });
  EXPECT_EQ(ReadSome(client_reads(), expected.size()), expected);
  writer.join();
  client_in_.write.Close();
  echo.join();
  EXPECT_EQ(Join().reason, RelayExit::Reason::kClientClosed);
}

}  // namespace
}  // namespace gatehouse
