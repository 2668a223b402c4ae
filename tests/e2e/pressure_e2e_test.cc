// SPDX-License-Identifier: Apache-2.0
// Much at once, or more than one side takes: the guard holds what its limits
// say and not what the traffic is, refuses what it cannot pass on, and every
// call has one answer. Sizes are GATEHOUSE_TEST_…; the nightly ones are those
// of the issue: 50 MB, 10,000 calls.

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <map>
#include <string>

#include "proxy/session.h"
#include "tests/e2e/e2e_fixture.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::Eventually;
using testing::GuardProcess;
using testing::GuardSpec;
using testing::Holds;
using testing::Memory;
using testing::MemoryBytes;
using testing::Setting;
using testing::TemporaryFolder;

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

std::string Call(std::size_t id, std::string_view tool,
                 const std::string& arguments) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":")" + std::string(tool) +
         R"(","arguments":)" + arguments + "}}";
}
std::string Listing(std::size_t id) {
  return Call(id, "list_pods", R"({"namespace":"dev"})");
}
std::string Echo(std::size_t id, std::size_t bytes) {
  return Call(id, "echo", R"({"text":")" + std::string(bytes, 'x') + "\"}");
}

GuardSpec PressureSpec(const std::string& max_result) {
  GuardSpec spec;
  spec.options = {"--policy",      "read-only",    "--profile",
                  "sample-server", "--max-result", max_result};
  // Freed blocks serve again soon, as without the sanitizer.
  spec.environment = {{"ASAN_OPTIONS", "quarantine_size_mb=1"}};
  return spec;
}

// How much more than before its peak is now.
class Growth {
 public:
  explicit Growth(const GuardProcess& guard)
      : guard_(guard), before_(MemoryBytes(guard.pid(), Memory::kPeak)) {}
  std::size_t Bytes() const {
    return MemoryBytes(guard_.pid(), Memory::kPeak) - before_;
  }

 private:
  const GuardProcess& guard_;
  std::size_t before_;
};

class BigResult : public ::testing::Test {
 protected:
  BigResult() {
    spec_.environment.emplace_back("FAKE_SERVER_BIG", std::to_string(bytes_));
  }
  // Of the answer to a call of a one-digit id: what stands round the text.
  std::size_t LineBytes() const {
    return bytes_ +
           std::string(
               R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":)"
               R"("text","text":""}]}})")
               .size();
  }

  const std::size_t bytes_ =
      Setting("GATEHOUSE_TEST_RESULT_MB", 12) * kMegabyte;
  GuardSpec spec_ = PressureSpec("off");
};

TEST_F(BigResult, StreamsInMemoryThatDoesNotGrowWithIt) {
  GuardProcess guard(spec_);
  ASSERT_TRUE(guard.WriteLine(R"({"jsonrpc":"2.0","id":0,"method":"ping"})"));
  ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
  const Growth growth(guard);
  ASSERT_TRUE(guard.WriteLine(Listing(1)));
  const auto line = guard.SkipLine();
  ASSERT_TRUE(line.has_value()) << guard.Stderr();
  EXPECT_TRUE(line->begin.starts_with(R"({"jsonrpc":"2.0","id":1,"result":)"));
  EXPECT_EQ(line->bytes, LineBytes());
  EXPECT_LT(growth.Bytes(), 6 * kMegabyte);
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);
  const auto shown =
      testing::RunGatehouse({"audit", "list", "--stage", "outcome", "--format",
                             "json", "--db", guard.database()});
  EXPECT_TRUE(Holds(shown.output, "passed on as it came")) << shown.output;
}

// Not the guard, which would have to keep all that comes meanwhile.
TEST_F(BigResult, AClientThatStopsReadingStopsTheServer) {
  GuardProcess guard(spec_);
  ASSERT_TRUE(guard.WriteLine(R"({"jsonrpc":"2.0","id":0,"method":"ping"})"));
  ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
  const pid_t server = guard.ServerPid();
  ASSERT_GT(server, 0);
  const Growth growth(guard);
  ASSERT_TRUE(guard.WriteLine(Listing(1)));
  ASSERT_TRUE(guard.WriteLine(Listing(2)));
  // The pipe to the client is full, and the server has come to a halt.
  ASSERT_TRUE(Eventually([&] { return guard.Readable() >= 65'536; }));
  std::string written;
  int alike = 0;
  ASSERT_TRUE(Eventually([&] {
    const std::string now =
        testing::ReadFile("/proc/" + std::to_string(server) + "/io");
    alike = now == written ? alike + 1 : 0;
    written = now;
    return alike == 20;
  }));
  EXPECT_LT(growth.Bytes(), 6 * kMegabyte);
  for (int id = 1; id <= 2; ++id) {
    const auto line = guard.SkipLine();
    ASSERT_TRUE(line.has_value()) << guard.Stderr();
    EXPECT_TRUE(line->begin.starts_with(R"({"jsonrpc":"2.0","id":)" +
                                        std::to_string(id)));
    EXPECT_EQ(line->bytes, LineBytes());
  }
  EXPECT_LT(growth.Bytes(), 6 * kMegabyte);
}

TEST(Pressure, AServerThatStopsReadingGetsRefusalsAndThenCallsAgain) {
  GuardSpec spec = PressureSpec("10MiB");
  spec.environment.emplace_back("GATEHOUSE_TEST_STALLED_MS", "100");
  GuardProcess guard(spec);
  ASSERT_TRUE(guard.WriteLine(Echo(0, 1)));
  ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
  const pid_t server = guard.ServerPid();
  ASSERT_GT(server, 0);
  ASSERT_EQ(kill(server, SIGSTOP), 0);
  const Growth growth(guard);
  // Two megabytes wait in the pipe and before it; what comes then is refused.
  constexpr std::size_t kCalls = 64;
  std::map<std::string, int> answers;
  const auto note = [&](const std::optional<std::string>& line) {
    ASSERT_TRUE(line.has_value()) << guard.Stderr();
    ++answers[line->substr(0, line->find(",\"result\""))];
  };
  for (std::size_t id = 1; id <= kCalls; ++id) {
    ASSERT_TRUE(guard.WriteLine(Echo(id, 60'000)));
  }
  const auto first = guard.ReadLine();
  note(first);
  EXPECT_TRUE(Holds(*first, "[code server-busy]")) << *first;
  EXPECT_TRUE(Holds(*first, R"("isError":true)")) << *first;
  EXPECT_LT(growth.Bytes(), 16 * kMegabyte);
  ASSERT_EQ(kill(server, SIGCONT), 0);
  for (std::size_t i = 1; i < kCalls; ++i) note(guard.ReadLine());
  EXPECT_EQ(answers.size(), kCalls) << "each was answered once";
  ASSERT_TRUE(guard.WriteLine(Echo(kCalls + 1, 1)));
  const auto last = guard.ReadLine();
  ASSERT_TRUE(last.has_value());
  EXPECT_TRUE(Holds(*last, "done: echo")) << *last;
}

TEST(Pressure, AllCallsInFlightAreAnsweredOnce) {
  const std::size_t calls = Setting("GATEHOUSE_TEST_IN_FLIGHT", 500);
  const TemporaryFolder folder;
  GuardSpec spec = PressureSpec("10MiB");
  spec.environment.emplace_back("FAKE_SERVER_HOLD", folder.File("go"));
  GuardProcess guard(spec);
  for (std::size_t id = 1; id <= calls; ++id) {
    ASSERT_TRUE(guard.WriteLine(Listing(id)));
  }
  if (calls == kMaxInFlight) {
    ASSERT_TRUE(guard.WriteLine(Listing(calls + 1)));
    const auto refused = guard.ReadLine(std::chrono::seconds(120));
    ASSERT_TRUE(refused.has_value()) << guard.Stderr();
    EXPECT_TRUE(Holds(*refused, "[code server-busy]")) << *refused;
    EXPECT_TRUE(Holds(*refused, R"("isError":true)")) << *refused;
  }
  ASSERT_TRUE(guard.WaitUntilReceived("\"id\":" + std::to_string(calls) + ","));
  testing::WriteFile(folder.File("go"), "");
  std::map<std::string, int> answers;
  for (std::size_t i = 0; i < calls; ++i) {
    const auto line = guard.ReadLine();
    ASSERT_TRUE(line.has_value()) << i << " " << guard.Stderr();
    ASSERT_TRUE(Holds(*line, "done: list_pods")) << *line;
    ++answers[line->substr(0, line->find(",\"result\""))];
  }
  EXPECT_EQ(answers.size(), calls);
  // And nothing else came.
  ASSERT_TRUE(guard.WriteLine(R"({"jsonrpc":"2.0","id":0,"method":"ping"})"));
  const auto next = guard.ReadLine();
  ASSERT_TRUE(next.has_value());
  EXPECT_TRUE(Holds(*next, "\"id\":0,")) << *next;
}

TEST(Pressure, AFrameOverTheCapIsSkippedAndNotKept) {
  const std::size_t bytes = Setting("GATEHOUSE_TEST_FRAME_MB", 24) * kMegabyte;
  GuardProcess guard(PressureSpec("10MiB"));
  const std::string ping = R"({"jsonrpc":"2.0","id":0,"method":"ping"})";
  ASSERT_TRUE(guard.WriteLine(ping));
  ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
  const Growth growth(guard);
  ASSERT_TRUE(guard.WriteLine(Echo(7, bytes)));
  const auto refused = guard.ReadLine();
  ASSERT_TRUE(refused.has_value()) << guard.Stderr();
  EXPECT_TRUE(Holds(*refused, "\"id\":7,")) << *refused;
  EXPECT_TRUE(Holds(*refused, "too-large")) << *refused;
  EXPECT_LT(growth.Bytes(), 16 * kMegabyte);
  ASSERT_TRUE(guard.WriteLine(ping));
  ASSERT_TRUE(guard.ReadLine().has_value());
  EXPECT_EQ(guard.Received(), ping + "\n" + ping + "\n");
}

}  // namespace
}  // namespace gatehouse
