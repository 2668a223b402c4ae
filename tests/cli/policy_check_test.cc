// SPDX-License-Identifier: Apache-2.0
// What `policy check` tells, and how: warnings, SARIF, a system policy.
#include "cli/policy_check.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "command_fixture.h"
#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

void AddPolicyCommand(Command app) { AddPolicy(app); }

class PolicyCheckTest : public ::testing::Test {
 protected:
  PolicyCheckTest() {
    std::string pattern = ::testing::TempDir() + "gatehouse-check-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    unsetenv("GATEHOUSE_POLICY");
  }
  ~PolicyCheckTest() override { fs::remove_all(folder_); }

  std::string Put(const std::string& body, mode_t mode = 0644) const {
    std::string path = folder_ + "/policy.yaml";
    std::ofstream(path) << "apiVersion: gatehouse/v1\nkind: Policy\nname: p\n"
                        << body << "\n";
    chmod(path.c_str(), mode);
    return path;
  }
  static CommandRun Check(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"policy", "check"});
    return RunCommand(AddPolicyCommand, arguments);
  }

  std::string folder_;
};

TEST_F(PolicyCheckTest, WarnsAndIsStrictOnlyWhereAsked) {
  const std::string path = Put("rules: [{id: all, allow: any}]");
  const CommandRun run = Check({path});
  EXPECT_EQ(run.exit_code, kExitDone);
  EXPECT_NE(run.err.find("warning[W005]"), std::string::npos) << run.err;
  const CommandRun strict = Check({"--strict", path});
  EXPECT_EQ(strict.exit_code, kExitNo);
  EXPECT_EQ(strict.out, "");
  EXPECT_NE(strict.err.find("--strict takes warnings for errors"),
            std::string::npos);
  EXPECT_NE(
      Check({"--strict", "--format", "json", path}).out.find(R"("ok":false)"),
      std::string::npos);
  EXPECT_EQ(Check({"--strict", "read-only"}).exit_code, kExitDone);
}

TEST_F(PolicyCheckTest, WarnsOfAFileThatOthersCanChange) {
  const CommandRun run = Check({Put("rules: [{id: a, allow: get}]", 0666)});
  EXPECT_EQ(run.exit_code, kExitDone);
  EXPECT_NE(run.err.find("warning[W009]"), std::string::npos) << run.err;
}

TEST_F(PolicyCheckTest, WritesSarif) {
  const std::string path =
      Put("rules:\n- {id: all, alow: any}\n- {id: b, allow: get}");
  const CommandRun run = Check({"--format", "sarif", path});
  EXPECT_EQ(run.exit_code, kExitNo);
  const auto sarif = ParseJson(run.out);
  ASSERT_TRUE(sarif.ok()) << run.out;
  EXPECT_EQ(StringMember(sarif.value(), "version"), "2.1.0");
  EXPECT_NE(run.out.find(R"("ruleId":"P012","level":"error")"),
            std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find(R"("startLine":5,"startColumn":13,"endColumn":17)"),
            std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find(R"({"id":"W001","name":"beaten")"), std::string::npos);
  const CommandRun gone =
      Check({"--format", "sarif", folder_ + "/no-such.yaml"});
  EXPECT_EQ(gone.exit_code, kExitEnvironment);
  EXPECT_NE(gone.out.find(R"("executionSuccessful":false)"), std::string::npos);
}

TEST_F(PolicyCheckTest, ReadsASystemPolicyBeforeItIsInPlace) {
  const std::string path =
      Put("lock: {mode: enforce}\nrules: [{id: a, allow: read}]");
  EXPECT_EQ(Check({path}).exit_code, kExitNo);
  const CommandRun run = Check({"--system", path});
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  Put("mode: observe\nrules: [{id: a, allow: read}]");
  EXPECT_EQ(Check({"--system", path}).exit_code, kExitNo);
}

// `run` shows the first fault only.
TEST_F(PolicyCheckTest, IsNamedWithThePolicyThatHasMoreFaults) {
  PolicyChoice choice;
  choice.policy = Put("rules:\n- {id: a, alow: any}\n- {id: b, alow: any}");
  choice.tables = KubernetesTables::Embedded();
  EXPECT_NE(LoadPolicy(choice).FirstFault().find("gatehouse policy check " +
                                                 choice.policy + " shows"),
            std::string::npos);
}

TEST_F(PolicyCheckTest, ASettingWithoutAValueIsMisuse) {
  EXPECT_EQ(Check({"--set", "dev", "read-only"}).exit_code, kExitMisuse);
}

TEST_F(PolicyCheckTest, PrintsTheSchema) {
  const CommandRun run = RunCommand(AddPolicyCommand, {"policy", "schema"});
  EXPECT_EQ(run.exit_code, kExitDone);
  EXPECT_TRUE(ParseJson(run.out).ok()) << run.out;
}

}  // namespace
}  // namespace gatehouse::cli
