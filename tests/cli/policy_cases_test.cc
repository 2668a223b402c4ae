// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy test`: exit codes, and the forms that scripts rely on.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "command_fixture.h"
#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

class PolicyCasesTest : public ::testing::Test {
 protected:
  PolicyCasesTest()
      : folder_(fs::temp_directory_path() /
                ("gatehouse-cases-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    Write("team.yaml",
          "apiVersion: gatehouse/v1\nkind: Policy\nname: team\nrules:\n"
          "- id: look\n  allow: read\n  namespaces: [team-a]\n"
          "- id: shut\n  deny: any\n  resources: secrets\n");
  }
  ~PolicyCasesTest() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  static CommandRun Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"policy", "test"});
    return RunCommand(AddPolicy, arguments);
  }

  static constexpr std::string_view kGood =
      "policy: team.yaml\nserver: sample-server\ncases:\n"
      "- name: a call\n"
      "  call: {tool: list_pods, arguments: {namespace: team-a}}\n"
      "  expect: {decision: allow, rule: look}\n"
      "- name: a request\n"
      "  request: {verb: get, resource: secrets, namespace: team-a, name: a}\n"
      "  expect: {decision: deny, code: denied-by-rule}\n";

  fs::path folder_;
};

TEST_F(PolicyCasesTest, PassesByTheCasesOrByThePolicyOrByTheFolder) {
  const std::string cases = Write("team.cases.yaml", kGood);
  for (const std::string& named :
       {cases, (folder_ / "team.yaml").string(), folder_.string()}) {
    const CommandRun run = Run({named});
    EXPECT_EQ(run.exit_code, kExitDone) << run.out << run.err;
    EXPECT_NE(run.out.find("ok    a call\n"), std::string::npos) << run.out;
    EXPECT_NE(run.out.find("2 cases, 0 failed\n"), std::string::npos);
  }
}

TEST_F(PolicyCasesTest, TellsWhatFailed) {
  const std::string cases = Write(
      "team.cases.yaml",
      "policy: team.yaml\nserver: sample-server\ncases:\n"
      "- name: <&>\n"
      "  call: {tool: delete_resource, arguments: {resource: pods, name: web, "
      "namespace: team-a}}\n"
      "  expect: allow\n"
      "- {name: lost, server: nobody, call: {tool: a}, expect: deny}\n");
  const CommandRun run = Run({cases});
  EXPECT_EQ(run.exit_code, kExitNo);
  EXPECT_NE(run.out.find("FAIL  <&>  (" + cases + ":4)"), std::string::npos)
      << run.out;
  EXPECT_NE(
      run.out.find("expected allow\n        got      deny [code no-rule]"),
      std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("asks     delete pods team-a/web @test"),
            std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("2 cases, 2 failed"), std::string::npos);

  const CommandRun junit = Run({cases, "--format", "junit"});
  EXPECT_EQ(junit.exit_code, kExitNo);
  EXPECT_NE(junit.out.find("tests=\"2\" failures=\"2\""), std::string::npos)
      << junit.out;
  EXPECT_NE(junit.out.find("name=\"&lt;&amp;&gt;\""), std::string::npos);
  EXPECT_NE(junit.out.find("cannot be judged: "), std::string::npos);
}

TEST_F(PolicyCasesTest, CountsRulesAndMutants) {
  const std::string cases = Write("team.cases.yaml", kGood);
  const CommandRun run = Run({cases, "--coverage", "--mutate"});
  EXPECT_EQ(run.exit_code, kExitNo) << run.out;
  EXPECT_NE(run.out.find("coverage: 2 of 2 rules\n"), std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("mutants:  3 of 4 noticed; with these every case "
                         "still passes:\n    look: without namespaces  ("),
            std::string::npos)
      << run.out;

  const std::string strict =
      Write("team.cases.yaml",
            std::string(kGood) +
                "- {name: not elsewhere, expect: deny, request: {verb: list, "
                "resource: pods, namespace: other}}\n");
  EXPECT_EQ(Run({strict, "--coverage", "--mutate"}).exit_code, kExitDone);
}

TEST_F(PolicyCasesTest, WritesJson) {
  const std::string cases = Write(
      "team.cases.yaml",
      "policy: team.yaml\ncases:\n- {name: a, expect: allow, request: {verb: "
      "list, resource: pods, namespace: team-a}}\n");
  const CommandRun run =
      Run({cases, "--coverage", "--mutate", "--format", "json"});
  EXPECT_EQ(run.exit_code, kExitNo);
  const auto value = ParseJson(run.out);
  ASSERT_TRUE(value.ok()) << run.out;
  const JsonValue& report = *Elements(value.value()).at(0);
  EXPECT_EQ(AsInteger(*Member(report, "failed")), 0);
  const JsonValue& result = *Elements(*Member(report, "results")).at(0);
  EXPECT_EQ(AsBool(*Member(result, "passed")), true);
  EXPECT_EQ(StringMember(result, "rule"), "look");
  const JsonValue& coverage = *Member(report, "coverage");
  EXPECT_EQ(
      StringMember(*Elements(*Member(coverage, "uncovered")).at(0), "rule"),
      "shut");
  const JsonValue& mutants = *Member(report, "mutants");
  EXPECT_EQ(AsInteger(*Member(mutants, "tried")), 4);
  EXPECT_EQ(Elements(*Member(mutants, "unnoticed")).size(), 2u);
}

TEST_F(PolicyCasesTest, SaysWhatIsWrongWithTheFiles) {
  EXPECT_EQ(Run({(folder_ / "none.cases.yaml").string()}).exit_code,
            kExitEnvironment);
  EXPECT_EQ(Run({folder_.string()}).exit_code, kExitMisuse);
  const std::string bad = Write("bad.cases.yaml", "policy: a\ncasez: []\n");
  const CommandRun run = Run({bad});
  EXPECT_EQ(run.exit_code, kExitNo);
  EXPECT_NE(run.err.find("did you mean \"cases\"?"), std::string::npos)
      << run.err;
  const std::string lost = Write(
      "lost.cases.yaml",
      "policy: gone.yaml\ncases:\n- {name: a, expect: allow, request: {verb: "
      "list, resource: pods}}\n");
  EXPECT_EQ(Run({lost}).exit_code, kExitEnvironment);
}

}  // namespace
}  // namespace gatehouse::cli
