// SPDX-License-Identifier: Apache-2.0
// However a guard ends, nothing of it is left: not the server, and not what
// the server has started, be it deaf to SIGTERM, in a session of its own, or
// without the environment that a census could find it by. Each is looked up by
// its process id. What was recorded verifies.

#include <gtest/gtest.h>
#include <signal.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/e2e_fixture.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::FakeServerPath;
using testing::GuardProcess;
using testing::GuardSpec;
using testing::ListPods;
using testing::TemporaryFolder;

constexpr std::size_t kBrood = 4;  // the server and its three children

std::vector<pid_t> Pids(const std::string& path) {
  std::istringstream lines(testing::ReadFile(path));
  std::vector<pid_t> pids;
  for (pid_t pid = 0; lines >> pid;) pids.push_back(pid);
  return pids;
}

enum class Way {
  kEndOfInput,
  kTerminated,
  kInterrupted,
  kHangupThenEnd,
  kKilled,
  kKeeperKilled,
  kServerKilled,
};

struct WayRow {
  Way way;
  std::string_view name;
  int exit_code;
};
constexpr WayRow kWays[] = {
    {Way::kEndOfInput, "end of input", 0},
    {Way::kTerminated, "SIGTERM", 128 + SIGTERM},
    {Way::kInterrupted, "SIGINT", 128 + SIGINT},
    {Way::kHangupThenEnd, "SIGHUP, end of input", 0},
    {Way::kKilled, "SIGKILL", 128 + SIGKILL},
    {Way::kKeeperKilled, "SIGKILL of the keeper", 3},
    {Way::kServerKilled, "SIGKILL of the server", 128 + SIGKILL},
};

void Die(Way way, GuardProcess& guard, pid_t server) {
  switch (way) {
    case Way::kHangupThenEnd:
      guard.Signal(SIGHUP);
      ASSERT_TRUE(guard.WriteLine(R"({"jsonrpc":"2.0","id":9,)"
                                  R"("method":"ping"})"));
      ASSERT_TRUE(guard.ReadLineWith("\"id\":9").has_value());
      [[fallthrough]];
    case Way::kEndOfInput:
      guard.CloseInput();
      return;
    case Way::kTerminated:
      guard.Signal(SIGTERM);
      return;
    case Way::kInterrupted:
      guard.Signal(SIGINT);
      return;
    case Way::kKilled:
      guard.Signal(SIGKILL);
      return;
    case Way::kKeeperKilled: {
      const std::vector<pid_t> keepers = testing::ChildrenOf(guard.pid());
      ASSERT_EQ(keepers.size(), 1u);
      kill(keepers[0], SIGKILL);
      return;
    }
    case Way::kServerKilled:
      kill(server, SIGKILL);
      return;
  }
}

void ExpectNothingIsLeft(const WayRow& row,
                         const std::vector<std::string>& server) {
  SCOPED_TRACE(std::string(row.name) + " of " + server.front());
  const TemporaryFolder control;
  const std::string brood = control.File("brood");
  GuardSpec spec{{},
                 server,
                 {{"FAKE_SERVER_BROOD", brood},
                  {"FAKE_SERVER_IGNORE_EOF", "1"},
                  {"FAKE_SERVER_IGNORE_TERM", "1"},
                  {"FAKE_SERVER_HOLD", control.File("go")}}};
  GuardProcess guard(spec);
  ASSERT_TRUE(guard.WriteLine(ListPods(1)));
  ASSERT_TRUE(guard.WaitUntilReceived("tools/call")) << guard.Stderr();
  ASSERT_TRUE(
      testing::Eventually([&] { return Pids(brood).size() == kBrood; }));
  const std::vector<pid_t> pids = Pids(brood);
  Die(row.way, guard, pids[0]);
  const bool told =
      row.way == Way::kServerKilled || row.way == Way::kKeeperKilled;
  if (told) {
    EXPECT_TRUE(guard.ReadLineWith("[code server-died]").has_value());
  }
  EXPECT_EQ(guard.WaitForExit(), row.exit_code) << guard.Stderr();
  EXPECT_TRUE(guard.AllGone());
  for (const pid_t pid : pids) {
    EXPECT_TRUE(testing::Eventually([&] { return !testing::IsAlive(pid); }))
        << pid;
  }
  const auto verified =
      testing::RunGatehouse({"audit", "verify", "--db", guard.database()});
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
}

TEST(ProcessTree, NothingIsLeftHoweverTheSessionEnds) {
  for (const WayRow& row : kWays) {
    ExpectNothingIsLeft(row, {FakeServerPath()});
  }
}

// As npx starts it: below two shells.
TEST(ProcessTree, NothingIsLeftOfAServerBelowShells) {
  for (const WayRow& row : {kWays[0], kWays[1], kWays[4], kWays[5]}) {
    ExpectNothingIsLeft(
        row, {"sh", "-c", "sh -c \"$0; true\"; true", FakeServerPath()});
  }
}

}  // namespace
}  // namespace gatehouse
