// SPDX-License-Identifier: Apache-2.0
// A session that cannot start: people with a graphical client see only what
// the client shows. One line on stderr, and every request is answered with the
// cause, of both eras, until the client goes; then exit code 3.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::GuardProcess;
using testing::GuardSpec;
using testing::TemporaryFolder;

struct Cause {
  GuardSpec spec;
  std::string says;
  std::string_view code;
  bool no_folder = false;  // the database's folder cannot be made
};

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Cause> Causes(const TemporaryFolder& folder) {
  const std::string faulty = folder.File("faulty.yaml");
  std::ofstream(faulty) << "apiVersion: gatehouse/v1\nkind: Policy\n"
                           "name: faulty\nruels: []\nlimits: x\n";
  const std::string plain = folder.File("plain");
  std::ofstream(plain) << "not a program\n";
  const std::vector<std::string> usual = {"--policy", "read-only", "--profile",
                                          "sample-server"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> options = usual;
    options.insert(options.end(), more.begin(), more.end());
    return options;
  };
  return {
      {{{"--policy", faulty, "--profile", "sample-server"}, {}, {}},
       "unknown field",
       "no-policy"},
      {{{"--policy", folder.File("none.yaml"), "--profile", "sample-server"},
        {},
        {}},
       "there is no policy file",
       "no-policy"},
      {{{"--policy", "read-only-scoped", "--profile", "sample-server"}, {}, {}},
       "scope.namespaces",
       "no-policy"},
      {{with({}), {}, {}}, "/audit", "audit-unavailable", true},
      {{with({}), {"no-such-server"}, {}},
       "cannot start no-such-server: No such file",
       "server-died"},
      {{with({}), {plain}, {}}, "Permission denied", "server-died"},
      {{with({"--context", "nowhere"}), {}, {}}, "nowhere", "context"},
      {{with({"--kubeconfig", folder.File("none")}), {}, {}},
       folder.File("none"),
       "context"},
      {{with({"--kubeconfig", plain}), {}, {}}, "plain", "context"},
      {{with({}), {"docker", "run", "x"}, {}}, "--no-confine", "context"},
      {{{"--policy", "read-only", "--profile", "sample-servr"}, {}, {}},
       "did you mean",
       "unknown-tool"},
      {{{"--policy", "read-only", "--profile", faulty}, {}, {}},
       "has errors: ",
       "unknown-tool"},
      {{with({"--set", "scope.nowhere=x"}), {}, {}}, "nowhere", "no-policy"},
      {{with({"--log-file", folder.File("none/log")}), {}, {}},
       "log file",
       "server-died"},
      {{with({"--log-file", folder.path()}), {}, {}},
       "log file",
       "server-died"},
      {{with({"--anchor", folder.File("a"), "--anchor-every", "soon"}), {}, {}},
       "--anchor-every",
       "audit-unavailable"},
      {{with({"--anchor", folder.File("a"), "--anchor-key",
              folder.File("none")}),
        {},
        {}},
       "--anchor-key",
       "audit-unavailable"},
      {{with({}), {}, {}, "", {{RLIMIT_FSIZE, 2048}}},
       "File too large",
       "audit-unavailable"},
  };
}

std::string Asks(std::string_view method, int id, bool modern) {
  const std::string meta =
      R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
      R"("io.modelcontextprotocol/clientCapabilities":{}})";
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" +
         std::string(method) + R"(","params":{"name":"list_pods",)" +
         (modern ? meta : R"("protocolVersion":"2025-11-25")") + "}}";
}

TEST(StartFailure, EveryRequestIsAnsweredWithTheCause) {
  const TemporaryFolder folder;
  for (const Cause& cause : Causes(folder)) {
    SCOPED_TRACE(cause.says);
    const TemporaryFolder own;
    if (cause.no_folder) std::ofstream(own.File("audit")) << "a file\n";
    GuardProcess guard(cause.spec, own);
    // A client of both eras probes first, and falls back on any error.
    int id = 0;
    for (const bool modern : {true, false}) {
      for (const std::string_view method :
           {"server/discover", "initialize", "tools/list", "tools/call"}) {
        ASSERT_TRUE(guard.WriteLine(Asks(method, ++id, modern)));
        const auto answer = guard.ReadLine();
        ASSERT_TRUE(answer.has_value()) << guard.Stderr();
        EXPECT_NE(answer->find("\"id\":" + std::to_string(id) + ",\"error\""),
                  std::string::npos)
            << *answer;
        EXPECT_NE(answer->find(cause.says), std::string::npos) << *answer;
        EXPECT_NE(answer->find("\"code\":\"" + std::string(cause.code) + "\""),
                  std::string::npos)
            << *answer;
      }
    }
    guard.CloseInput();
    EXPECT_EQ(guard.WaitForExit(), 3);
    EXPECT_EQ(guard.Received(), "") << "nothing may reach the server";
    const std::string said = guard.Stderr();
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    EXPECT_NE(said.find(cause.says), std::string::npos) << said;
    EXPECT_EQ(said.find("\\x0a"), std::string::npos) << said;
    EXPECT_TRUE(guard.AllGone());
  }
}

// Whoever starts it at a terminal sees why, wherever its log goes.
TEST(StartFailure, IsSaidAtTheTerminalAndInTheLog) {
  const TemporaryFolder folder;
  const std::string log = folder.File("log");
  GuardProcess guard(GuardSpec{
      {"--policy", folder.File("none.yaml"), "--log-file", log}, {}, {}});
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 3);
  for (const std::string& said : {guard.Stderr(), testing::ReadFile(log)}) {
    EXPECT_NE(said.find("there is no policy file"), std::string::npos) << said;
    EXPECT_EQ(said.find("error: "), said.rfind("error: ")) << said;
  }
}

// Who reads the trail sees why there is nothing after the start.
TEST(StartFailure, AStartThatWasRecordedHasItsEndInTheTrail) {
  GuardProcess guard(GuardSpec{{}, {"no-such-server"}, {}});
  ASSERT_TRUE(guard.WriteLine(Asks("initialize", 1, false)));
  ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 3);
  const std::string query =
      "SELECT json_extract(payload, '$.detail') FROM record"
      " WHERE json_extract(payload, '$.event') = 'guard stop'";
  const auto stops = testing::RunGatehouse(
      {"audit", "query", "--db", guard.database(), query});
  EXPECT_NE(stops.output.find("the session could not start: cannot start "
                              "no-such-server: No such file"),
            std::string::npos)
      << stops.output;
}

#ifndef __SANITIZE_ADDRESS__  // whose checks need descriptors themselves
// Wherever they run out, from the trail's to the session's streams.
TEST(StartFailure, WithFewDescriptorsEachRequestIsAnswered) {
  int served = 0;
  for (const rlim_t most : {16u, 18u, 19u, 30u}) {
    GuardProcess guard(GuardSpec{{}, {}, {}, "", {{RLIMIT_NOFILE, most}}});
    ASSERT_TRUE(guard.WriteLine(Asks("initialize", 1, false)));
    const auto answer = guard.ReadLine();
    ASSERT_TRUE(answer.has_value()) << most << ": " << guard.Stderr();
    guard.CloseInput();
    const bool error = answer->find("\"error\"") != std::string::npos;
    EXPECT_EQ(guard.WaitForExit(), error ? 3 : 0) << most;
    served += error ? 0 : 1;
  }
  EXPECT_GT(served, 0);
  EXPECT_LT(served, 4);
}
#endif

TEST(StartFailure, AServerThatEndsAtOnceHandsOnItsExitCode) {
  GuardProcess guard(GuardSpec{{}, {"sh", "-c", "echo oops >&2; exit 7"}, {}});
  ASSERT_TRUE(guard.WriteLine(Asks("initialize", 1, false)));
  const auto answer = guard.ReadLineWith("server-died");
  EXPECT_TRUE(answer.has_value()) << guard.Stderr();
  EXPECT_EQ(guard.WaitForExit(), 7);
  EXPECT_NE(guard.Stderr().find("[server] oops\n"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse
