// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy can-i`: the questions' exit codes, the table within 80
// columns, and its JSON.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "command_fixture.h"
#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

class PolicyCanITest : public ::testing::Test {
 protected:
  PolicyCanITest()
      : folder_(fs::temp_directory_path() /
                ("gatehouse-can-i-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    unsetenv("GATEHOUSE_POLICY");
    setenv("KUBECONFIG", (folder_ / "config").c_str(), 1);
    std::ofstream(folder_ / "config")
        << "current-context: dev\ncontexts:\n"
           "- {name: dev, context: {namespace: team, user: me}}\n";
    std::ofstream(folder_ / "p.yaml")
        << "apiVersion: gatehouse/v1\nkind: Policy\nname: team\nrules:\n"
           "- {id: look, allow: read}\n"
           "- {id: mine, allow: delete, resources: pods, names: [web-*]}\n"
           "- {id: run, allow: exec, resources: pods/exec, names: web}\n"
           "- {id: slow, ask: update, resources: deployments}\n"
           "- {id: sre, allow: create, resources: configmaps,\n"
           "   who: {groups: sre}}\n";
  }
  ~PolicyCanITest() override { fs::remove_all(folder_); }

  CommandRun Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"policy", "can-i", "--policy",
                                         (folder_ / "p.yaml").string()});
    return RunCommand(AddPolicy, arguments);
  }

  fs::path folder_;
};

TEST_F(PolicyCanITest, AnswersAQuestionByItsExitCode) {
  const struct {
    std::vector<std::string> words;
    int exit_code;
    std::string_view answer;
  } kRows[] = {
      {{"get", "pods", "web"}, kExitDone, "yes\n"},
      {{"delete", "po", "web-0"}, kExitDone, "yes\n"},
      {{"delete", "pods", "db-0"}, kExitNo, "no\n"},
      {{"delete", "pods", "web-0", "-n", "kube-system"}, kExitNo, "no\n"},
      {{"update", "deployments.apps", "web"}, kExitNo, "ask\n"},
      {{"get", "secrets", "db"}, kExitNo, "no\n"},
      {{"list", "nodes"}, kExitDone, "yes\n"},
      {{"list", "pods", "-A"}, kExitDone, "yes\n"},
      {{"list", "widgets.example.com"}, kExitDone, "yes\n"},
      {{"create", "cm", "a"}, kExitNo, "no\n"},
      {{"create", "cm", "a", "--as", "ana"}, kExitNo, "no\n"},
      {{"create", "cm", "a", "--as", "ana", "--as-group", "sre"},
       kExitDone,
       "yes\n"},
      {{"discover"}, kExitDone, "yes\n"},
      {{"list", "pods/log"}, kExitMisuse, ""},
      {{"exec", "pods", "web"}, kExitDone, "yes\n"},
      {{"create", "pods/exec", "web"}, kExitDone, "yes\n"},
      {{"fly", "pods"}, kExitMisuse, ""},
      {{"get", "podz"}, kExitMisuse, ""},
  };
  for (const auto& row : kRows) {
    const CommandRun run = Run(row.words);
    EXPECT_EQ(run.exit_code, row.exit_code) << row.words[1 % row.words.size()];
    EXPECT_EQ(run.out, row.answer) << run.err;
  }
}

TEST_F(PolicyCanITest, SaysThatThereIsNoKubeconfig) {
  EXPECT_EQ(Run({"get", "pods", "web"}).err.find("no kubeconfig"),
            std::string::npos);
  setenv("KUBECONFIG", (folder_ / "absent").c_str(), 1);
  for (const auto& words : {std::vector<std::string>{"get", "pods", "web"},
                            std::vector<std::string>{}}) {
    const CommandRun run = Run(words);
    EXPECT_EQ(run.exit_code, kExitDone);
    EXPECT_NE(run.err.find("no kubeconfig here has a current context"),
              std::string::npos)
        << run.err;
  }
  const CommandRun named = Run({"get", "pods", "--context", "prod"});
  EXPECT_EQ(named.exit_code, kExitEnvironment);
  EXPECT_NE(named.err.find("name one with --kubeconfig"), std::string::npos);
}

TEST_F(PolicyCanITest, PrintsATableOfEightyColumns) {
  const CommandRun run = Run({});
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  std::istringstream lines(run.out);
  std::string pods;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80u) << line;
    if (line.starts_with("pods ")) pods = line;
  }
  // GET LIST WATCH CREATE UPDATE PATCH DELETE DEL-ALL
  std::istringstream words(pods);
  const std::vector<std::string> cells{
      std::istream_iterator<std::string>(words), {}};
  EXPECT_EQ(cells, (std::vector<std::string>{"pods", "yes", "yes", "yes", "-",
                                             "-", "-", "some", "-"}))
      << run.out;
  EXPECT_NE(run.out.find("In namespace team, and of the cluster:"),
            std::string::npos);
  EXPECT_NE(run.out.find("exec      some  pods/exec\n"), std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("discover  yes\n"), std::string::npos) << run.out;
}

// The cell of a resource and a verb, in the first namespace.
std::string Cell(const JsonValue& value, std::string_view resource,
                 std::string_view verb) {
  const JsonValue& space = *Elements(*Member(value, "namespaces")).at(0);
  for (const JsonValue* row : Elements(*Member(space, "resources"))) {
    if (StringMember(*row, "resource") == resource) {
      return std::string(StringMember(*row, verb).value_or("absent"));
    }
  }
  return "no such row";
}

TEST_F(PolicyCanITest, WritesTheMatrixAsJson) {
  const auto value = ParseJson(
      Run({"--format", "json", "--as", "ana", "--as-group", "sre"}).out);
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(StringMember(value.value(), "user"), "ana");
  EXPECT_EQ(Cell(value.value(), "pods", "delete"), "some");
  EXPECT_EQ(Cell(value.value(), "pods", "get"), "yes");
  EXPECT_EQ(Cell(value.value(), "pods/log", "get"), "yes");
  EXPECT_EQ(Cell(value.value(), "pods/log", "list"), "absent");
  EXPECT_EQ(Cell(value.value(), "deployments", "update"), "ask");
  EXPECT_EQ(Cell(value.value(), "configmaps", "create"), "yes");
  EXPECT_EQ(Cell(value.value(), "secrets", "get"), "no");
  EXPECT_EQ(Cell(value.value(), "nodes", "list"), "yes");

  const auto protected_one =
      ParseJson(Run({"--format", "json", "-n", "kube-system"}).out);
  ASSERT_TRUE(protected_one.ok());
  EXPECT_EQ(Cell(protected_one.value(), "pods", "delete"), "no");
  EXPECT_EQ(Cell(protected_one.value(), "pods", "get"), "yes");
}

}  // namespace
}  // namespace gatehouse::cli
