// SPDX-License-Identifier: Apache-2.0
// Checkpoints of a running guard: they arrive, they vouch for what was
// recorded, and a place that is down changes nothing for the calls.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "audit/anchor.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::GuardProcess;
using testing::RunGatehouse;

constexpr const char* kCall =
    R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":)"
    R"({"name":"list_pods","arguments":{"namespace":"default"}}})";

class AnchorE2eTest : public ::testing::Test {
 protected:
  // The folder is there before the guard, for what its options name.
  std::string Elsewhere(const std::string& name) const {
    return folder_.File(name);
  }
  int Run(const std::vector<std::string>& more) {
    GuardSpec spec;
    spec.options = {"--policy", "read-only", "--profile", "sample-server"};
    spec.options.insert(spec.options.end(), more.begin(), more.end());
    GuardProcess guard(spec, folder_);
    EXPECT_TRUE(guard.WriteLine(kCall));
    EXPECT_TRUE(guard.ReadLineWith("\"id\":1")) << guard.Stderr();
    EXPECT_TRUE(guard.WaitUntilReceived("list_pods"));
    guard.CloseInput();
    const auto exit = guard.WaitForExit();
    errors_ = guard.Stderr();
    return exit.value_or(-1);
  }
  testing::CommandResult Audit(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "audit");
    arguments.insert(arguments.end(), {"--db", folder_.File("audit/audit.db")});
    return RunGatehouse(arguments);
  }

  using GuardSpec = testing::GuardSpec;
  testing::TemporaryFolder folder_;
  std::string errors_;
};

TEST_F(AnchorE2eTest, ARunningGuardIsVouchedFor) {
  const std::string key = Elsewhere("anchor.key");
  const auto made = RunGatehouse({"audit", "anchor", "keygen", key});
  ASSERT_EQ(made.exit_code, 0) << made.output;
  const std::string pub = Elsewhere("anchor.pub");
  std::ofstream(pub) << made.output.substr(0, made.output.rfind("gatehouse:"));
  const std::string anchors = Elsewhere("anchors");
  Run({"--anchor", anchors, "--anchor-every", "1", "--anchor-every", "1h",
       "--anchor-key", key});
  EXPECT_NE(errors_.find("on the same file system"), std::string::npos);
  const auto good = Audit({"verify", "--anchors", anchors, "--key", pub});
  EXPECT_EQ(good.exit_code, 0) << good.output;
  EXPECT_NE(good.output.find("vouch for records 1 to "), std::string::npos);

  // A stranger's script agrees about a trail that a guard made.
  const std::string script = "python3 " GATEHOUSE_SOURCE_DIR
                             "/tests/audit/verify_trail.py " +
                             folder_.File("audit/audit.db");
  EXPECT_EQ(std::system(script.c_str()), 0);

  // The last anchor covers the session's last record: none can be cut off.
  std::ifstream file(anchors);
  audit::Sequence last = 0;
  for (std::string line; std::getline(file, line);) {
    last = audit::ParseAnchor(line).anchor.head.seq;
  }
  const auto stop = Audit({"show", std::to_string(last)});
  EXPECT_NE(stop.output.find("guard stop"), std::string::npos) << stop.output;
}

// A guard is never stopped by an anchor's place that is down.
TEST_F(AnchorE2eTest, APlaceThatIsDownStopsNothing) {
  EXPECT_EQ(Run({"--anchor", Elsewhere("not/there")}), 0) << errors_;
  const auto failed = Audit({"list", "--event", "anchor failed"});
  EXPECT_NE(failed.output.find("cannot open the anchor file"),
            std::string::npos)
      << failed.output;
  EXPECT_EQ(Audit({"verify"}).exit_code, 0);
}

TEST_F(AnchorE2eTest, FaultsOfItsOptionsAreNamed) {
  const std::string database = folder_.File("audit/audit.db");
  const auto refused = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"run", "--db", database};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.insert(arguments.end(), {"--", "true"});
    return RunGatehouse(arguments);
  };
  EXPECT_EQ(refused({"--anchor-every", "5"}).exit_code, 2);
  EXPECT_EQ(refused({"--anchor-key", "x"}).exit_code, 2);
}

}  // namespace
}  // namespace gatehouse
