// SPDX-License-Identifier: Apache-2.0
// However a session ends: no process is left, the chain verifies, and every
// call that reached the server has its decision in the trail. The points of
// GATEHOUSE_CRASH_AT are those of proxy/pump (test builds only).

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "audit/reader.h"
#include "tests/e2e/e2e_fixture.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::kInitialize;
using testing::ListPods;

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::FakeServerPath;
using testing::GuardProcess;
using testing::GuardSpec;
using testing::TemporaryFolder;
using testing::WriteFile;

std::size_t Count(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != text.npos;
       at = text.find(word, at + 1)) {
    ++count;
  }
  return count;
}

// The server directly, and as npx starts it: below two shells.
const std::vector<std::vector<std::string>>& Servers() {
  static const std::vector<std::vector<std::string>> servers = {
      {FakeServerPath()},
      {"sh", "-c", "sh -c \"$0; true\"; true", FakeServerPath()}};
  return servers;
}

int Rounds() {
  const char* setting = std::getenv("GATEHOUSE_TEST_ROUNDS");
  return setting == nullptr ? 2 : std::atoi(setting);
}

// Decisions of the trail that let a tools/call pass.
std::size_t Allowed(const std::string& database) {
  const auto reader = audit::OpenReader(database);
  if (!reader.ok()) return 0;
  std::size_t allowed = 0;
  const auto walked =
      reader.value()->ForEach([&](const audit::StoredRecord& record) {
        if (record.tool == "list_pods" && record.decision == "allow" &&
            record.stage == "decision") {
          ++allowed;
        }
        return audit::Reader::Next::kGoOn;
      });
  return walked.ok() ? allowed : 0;
}

// Calls whose end the trail gives as unknown.
std::size_t Unknown(const std::string& database) {
  const auto reader = audit::OpenReader(database);
  if (!reader.ok()) return 0;
  std::size_t unknown = 0;
  const auto walked =
      reader.value()->ForEach([&](const audit::StoredRecord& record) {
        if (record.payload->find(R"("outcome":"unknown")") !=
            std::string::npos) {
          ++unknown;
        }
        return audit::Reader::Next::kGoOn;
      });
  return walked.ok() ? unknown : 0;
}

void ExpectNothingLeftAndAllRecorded(const GuardProcess& guard) {
  EXPECT_TRUE(guard.AllGone());
  const auto verified =
      testing::RunGatehouse({"audit", "verify", "--db", guard.database()});
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
  EXPECT_GE(Allowed(guard.database()),
            Count(guard.Received(), R"("method":"tools/call")"));
}

// A killed guard's open calls are closed by the next start; the chain holds.
void ExpectNextSessionWorks(const TemporaryFolder& folder) {
  GuardProcess next(GuardSpec{}, folder);
  ASSERT_TRUE(next.WriteLine(ListPods(1)));
  EXPECT_TRUE(next.ReadLineWith("done: list_pods").has_value())
      << next.Stderr();
  next.CloseInput();
  EXPECT_EQ(next.WaitForExit(), 0);
  ExpectNothingLeftAndAllRecorded(next);
}

TEST(Kill, BeforeTheFirstAnswer) {
  for (int round = 0; round < Rounds(); ++round) {
    for (const auto& server : Servers()) {
      GuardProcess guard(GuardSpec{{}, server, {}});
      ASSERT_TRUE(guard.WriteLine(kInitialize));
      // From the very start of the process to about the first answer.
      (void)guard.ReadLine(milliseconds(round * 7 % 200));
      guard.Signal(SIGKILL);
      EXPECT_EQ(guard.WaitForExit(), 128 + SIGKILL);
      EXPECT_TRUE(guard.AllGone());
      ExpectNextSessionWorks(guard.folder());
    }
  }
}

TEST(Kill, BetweenDecisionAndForward) {
  for (const auto& server : Servers()) {
    GuardSpec spec{{}, server, {{"GATEHOUSE_CRASH_AT", "decided:2"}}};
    GuardProcess guard(spec);
    ASSERT_TRUE(guard.WriteLine(kInitialize));
    ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
    ASSERT_TRUE(guard.WriteLine(ListPods(1)));
    EXPECT_EQ(guard.WaitForExit(), 128 + SIGKILL) << "not a test build?";
    EXPECT_EQ(guard.Received().find("tools/call"), std::string::npos);
    ExpectNothingLeftAndAllRecorded(guard);
    EXPECT_EQ(Allowed(guard.database()), 1U);
    ExpectNextSessionWorks(guard.folder());
    EXPECT_EQ(Unknown(guard.database()), 1U);
  }
}

TEST(Kill, BetweenForwardAndOutcome) {
  for (const auto& server : Servers()) {
    const TemporaryFolder control;
    GuardSpec spec{{},
                   server,
                   {{"FAKE_SERVER_HOLD", control.File("go")},
                    {"FAKE_SERVER_IGNORE_EOF", "1"}}};
    GuardProcess guard(spec);
    ASSERT_TRUE(guard.WriteLine(ListPods(1)));
    ASSERT_TRUE(guard.WaitUntilReceived("tools/call")) << guard.Stderr();
    guard.Signal(SIGKILL);
    EXPECT_EQ(guard.WaitForExit(), 128 + SIGKILL);
    ExpectNothingLeftAndAllRecorded(guard);
    ExpectNextSessionWorks(guard.folder());
    EXPECT_EQ(Unknown(guard.database()), 1U);
  }
}

// A second guard's start must not close what the first still waits for.
TEST(Kill, NoneOfALivingGuardsCallsIsClosed) {
  const TemporaryFolder control;
  const std::string go = control.File("go");
  GuardProcess guard(GuardSpec{{}, {}, {{"FAKE_SERVER_HOLD", go}}});
  ASSERT_TRUE(guard.WriteLine(ListPods(1)));
  ASSERT_TRUE(guard.WaitUntilReceived("tools/call")) << guard.Stderr();
  ExpectNextSessionWorks(guard.folder());
  EXPECT_EQ(Unknown(guard.database()), 0U);
  WriteFile(go, "");
  EXPECT_TRUE(guard.ReadLineWith("done: list_pods").has_value());
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);
  EXPECT_EQ(Unknown(guard.database()), 0U);
}

TEST(Kill, BetweenOutcomeAndAnswer) {
  GuardSpec spec{{}, {}, {{"GATEHOUSE_CRASH_AT", "returned:2"}}};
  GuardProcess guard(spec);
  ASSERT_TRUE(guard.WriteLine(kInitialize));
  ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
  ASSERT_TRUE(guard.WriteLine(ListPods(1)));
  EXPECT_EQ(guard.WaitForExit(), 128 + SIGKILL);
  ExpectNothingLeftAndAllRecorded(guard);
  ExpectNextSessionWorks(guard.folder());
}

TEST(Kill, UnderLoad) {
  std::mt19937 random(20260728);
  for (int round = 0; round < Rounds(); ++round) {
    for (const auto& server : Servers()) {
      GuardProcess guard(GuardSpec{{}, server, {}});
      std::string calls;
      for (int id = 0; id < 300; ++id) calls += ListPods(id) + "\n";
      ASSERT_TRUE(guard.Write(calls));
      const int answers = static_cast<int>(random() % 250);
      for (int i = 0; i < answers; ++i) {
        ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
      }
      guard.Signal(SIGKILL);
      EXPECT_EQ(guard.WaitForExit(), 128 + SIGKILL);
      ExpectNothingLeftAndAllRecorded(guard);
      ExpectNextSessionWorks(guard.folder());
    }
  }
}

// Clients probe with a sibling: two guards at once, one dies at once.
TEST(Kill, OneOfTwoGuardsOnOneDatabase) {
  for (int round = 0; round < Rounds(); ++round) {
    for (const int signal : {SIGTERM, SIGKILL}) {
      GuardProcess guard(GuardSpec{});
      GuardProcess sibling(GuardSpec{}, guard.folder());
      (void)sibling.WriteLine(
          R"({"jsonrpc":"2.0","id":0,"method":"server/discover",)"
          R"("params":{}})");
      (void)sibling.ReadLine(milliseconds(round * 5 % 150));
      sibling.CloseInput();
      sibling.Signal(signal);
      for (int id = 0; id < 20; ++id) {
        ASSERT_TRUE(guard.WriteLine(ListPods(id)));
        ASSERT_TRUE(guard.ReadLineWith("done: list_pods").has_value())
            << guard.Stderr();
      }
      EXPECT_TRUE(sibling.WaitForExit().has_value());
      EXPECT_TRUE(sibling.AllGone());
      guard.CloseInput();
      EXPECT_EQ(guard.WaitForExit(), 0);
      ExpectNothingLeftAndAllRecorded(guard);
    }
  }
}

// The server's ways of not going; all end inside a client's 2 seconds (and
// one for a busy machine).
TEST(Shutdown, AtTheEndOfTheClientsStream) {
  const std::vector<std::vector<std::pair<std::string, std::string>>> ways = {
      {},
      {{"FAKE_SERVER_IGNORE_EOF", "1"}},
      {{"FAKE_SERVER_IGNORE_EOF", "1"}, {"FAKE_SERVER_IGNORE_TERM", "1"}}};
  for (const auto& way : ways) {
    for (const auto& server : Servers()) {
      GuardProcess guard(GuardSpec{{}, server, way});
      ASSERT_TRUE(guard.WriteLine(kInitialize));
      ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
      guard.CloseInput();
      EXPECT_EQ(guard.WaitForExit(seconds(3)), 0) << guard.Stderr();
      ExpectNothingLeftAndAllRecorded(guard);
    }
  }
}

TEST(Shutdown, AnswersWhatIsInFlightFirst) {
  GuardProcess guard(GuardSpec{});
  ASSERT_TRUE(guard.WriteLine(ListPods(1)));
  guard.CloseInput();
  EXPECT_TRUE(guard.ReadLineWith("done: list_pods").has_value());
  EXPECT_EQ(guard.WaitForExit(), 0);
}

TEST(Shutdown, OnASignal) {
  for (const int signal : {SIGTERM, SIGINT}) {  // SIGHUP reloads
    GuardSpec spec{
        {},
        {},
        {{"FAKE_SERVER_IGNORE_EOF", "1"}, {"FAKE_SERVER_IGNORE_TERM", "1"}}};
    GuardProcess guard(spec);
    ASSERT_TRUE(guard.WriteLine(kInitialize));
    ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
    guard.Signal(signal);
    EXPECT_EQ(guard.WaitForExit(seconds(3)), 128 + signal);
    ExpectNothingLeftAndAllRecorded(guard);
  }
}

TEST(Shutdown, AServerThatDiesIsReportedToTheCallsInFlight) {
  GuardSpec spec{{}, {}, {{"FAKE_SERVER_EXIT_AT", "2"}}};
  GuardProcess guard(spec);
  ASSERT_TRUE(guard.WriteLine(ListPods(1)));
  EXPECT_TRUE(guard.ReadLineWith("done: list_pods").has_value());
  ASSERT_TRUE(guard.WriteLine(ListPods(2)));
  EXPECT_TRUE(guard.ReadLineWith("server-died").has_value());
  EXPECT_EQ(guard.WaitForExit(), 9);
  ExpectNothingLeftAndAllRecorded(guard);
}

TEST(Shutdown, AServerThatIsNotThereIsNamed) {
  GuardProcess guard(GuardSpec{{}, {"no-such-server"}, {}});
  ASSERT_TRUE(guard.WriteLine(kInitialize));
  EXPECT_TRUE(guard.ReadLineWith("cannot start no-such-server").has_value());
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 3);
  EXPECT_NE(guard.Stderr().find("cannot start no-such-server: No such file"),
            std::string::npos);
}

TEST(Shutdown, APolicyThatCannotRuleIsNamedInEveryAnswer) {
  const TemporaryFolder folder;
  const std::string faulty = folder.path() + "/faulty.yaml";
  std::ofstream(faulty) << "apiVersion: gatehouse/v1\nkind: Policy\n"
                           "name: faulty\nruels: []\n";
  const struct {
    std::string policy;
    std::string_view says;
    int exit_code;
  } kRows[] = {{faulty, "unknown field", 3},
               {folder.path() + "/none.yaml", "there is no policy file", 3},
               {"read-only-scoped", "scope.namespaces", 3}};
  for (const auto& row : kRows) {
    GuardProcess guard(GuardSpec{{"--policy", row.policy}, {}, {}});
    ASSERT_TRUE(guard.WriteLine(kInitialize));
    const auto answer = guard.ReadLineWith(row.says);
    ASSERT_TRUE(answer.has_value()) << row.policy;
    EXPECT_NE(answer->find(R"("code":"no-policy")"), std::string::npos);
    guard.CloseInput();
    EXPECT_EQ(guard.WaitForExit(), row.exit_code) << row.policy;
    EXPECT_EQ(guard.Received(), "") << "nothing may reach the server";
  }
}

TEST(Shutdown, TheServersStderrIsPassedOnMarked) {
  GuardSpec spec{{}, {}, {{"FAKE_SERVER_STDERR", "ready\n\x1b[2Jdone\n"}}};
  GuardProcess guard(spec);
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);
  EXPECT_NE(guard.Stderr().find("[server] ready\n[server] \\x1b[2Jdone\n"),
            std::string::npos)
      << guard.Stderr();
}

}  // namespace
}  // namespace gatehouse
