// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy diff`: its text within 80 columns, its JSON, and the exit
// codes that the check of a pull request goes by.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "command_fixture.h"
#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOld =
    "rules:\n"
    "- {id: look, allow: read, namespaces: team-a}\n"
    "- {id: restart, allow: patch, resources: deployments, namespaces: "
    "team-a}\n";
constexpr std::string_view kNew =
    "rules:\n"
    "- {id: look, allow: read, namespaces: team-a}\n"
    "- {id: restart, allow: [patch, delete], resources: deployments, "
    "namespaces: 'team-*'}\n"
    "- {id: no-logs, deny: get, resources: pods/log}\n";

class PolicyDiffTest : public ::testing::Test {
 protected:
  PolicyDiffTest()
      : folder_(fs::temp_directory_path() /
                ("gatehouse-diff-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    Write("old.yaml", kOld);
    Write("new.yaml", kNew);
  }
  ~PolicyDiffTest() override { fs::remove_all(folder_); }

  void Write(const std::string& name, std::string_view body) const {
    std::ofstream(folder_ / name)
        << "apiVersion: gatehouse/v1\nkind: Policy\nname: team\n"
        << body;
  }

  CommandRun Run(const std::string& was, const std::string& now,
                 const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {"policy", "diff"};
    for (const std::string& name : {was, now}) {
      words.push_back(name.ends_with(".yaml") ? (folder_ / name).string()
                                              : name);
    }
    words.insert(words.end(), more.begin(), more.end());
    return RunCommand(AddPolicy, words);
  }

  fs::path folder_;
};

// Without the lines that name the folder and the hash.
std::string Rows(const std::string& out) {
  const std::size_t first = out.find("\n\n");
  return first == std::string::npos ? out : out.substr(first + 2);
}

TEST_F(PolicyDiffTest, ShowsEachChangeInRowsOfEightyColumns) {
  const CommandRun run = Run("old.yaml", "new.yaml");
  EXPECT_EQ(run.exit_code, kExitNo);
  const std::string rows = Rows(run.out);
  EXPECT_EQ(rows.substr(0, rows.find("among ") + 6),
            "wider: deny -> allow\n"
            "  resources    deployments\n"
            "  verbs        patch\n"
            "  namespaces   team-* (as team-x)\n"
            "  contexts     (current)\n"
            "  was by       (no-rule)\n"
            "  now by       restart\n"
            "\n"
            "wider: deny -> allow\n"
            "  resources    deployments\n"
            "  verbs        delete, deletecollection\n"
            "  namespaces   team-* (as team-x), team-a\n"
            "  contexts     (current)\n"
            "  was by       (no-rule)\n"
            "  now by       restart\n"
            "\n"
            "narrower: allow -> deny\n"
            "  resources    pods/log\n"
            "  verbs        get\n"
            "  namespaces   team-a\n"
            "  contexts     (current)\n"
            "  was by       look\n"
            "  now by       no-logs\n"
            "\n"
            "2 wider, 1 narrower among ");
  std::istringstream lines(Rows(run.out));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80u) << line;
  }
}

TEST_F(PolicyDiffTest, EndsAsThePullRequestShould) {
  EXPECT_EQ(Run("old.yaml", "old.yaml", {"--fail-on", "any"}).exit_code,
            kExitDone);
  // Backwards: two changes narrow, and one widens.
  EXPECT_EQ(Run("new.yaml", "old.yaml").exit_code, kExitNo);
  Write("less.yaml", "rules:\n- {id: look, allow: get, namespaces: team-a}\n");
  EXPECT_EQ(Run("old.yaml", "less.yaml").exit_code, kExitDone);
  EXPECT_EQ(Run("old.yaml", "less.yaml", {"--fail-on", "any"}).exit_code,
            kExitNo);
  EXPECT_EQ(Run("less.yaml", "old.yaml", {"--fail-on", "none"}).exit_code,
            kExitDone);
  Write("bad.yaml", "rules:\n- {id: look, alow: get}\n");
  const CommandRun bad = Run("old.yaml", "bad.yaml");
  EXPECT_EQ(bad.exit_code, kExitNo);
  EXPECT_NE(bad.err.find("error[P"), std::string::npos) << bad.err;
  EXPECT_EQ(Run("old.yaml", "none.yaml").exit_code, kExitEnvironment);
  EXPECT_EQ(Run("old.yaml", "new.yaml", {"--fail-on", "x"}).exit_code,
            kExitMisuse);
}

TEST_F(PolicyDiffTest, SaysThatThePolicyOnlyObserves) {
  const CommandRun run = Run("read-only", "observe-all");
  EXPECT_EQ(run.exit_code, kExitNo);
  EXPECT_NE(run.out.find("wider: mode: observe;"), std::string::npos)
      << run.out;
}

TEST_F(PolicyDiffTest, ComparesSystemPolicies) {
  Write("old.yaml", "lock: {mode: enforce}\nrules:\n- {id: a, allow: read}\n");
  Write("new.yaml", "rules:\n- {id: a, allow: [read, write]}\n");
  EXPECT_EQ(Run("old.yaml", "new.yaml").exit_code, kExitNo);
  const CommandRun run = Run("old.yaml", "new.yaml", {"--system"});
  EXPECT_EQ(run.exit_code, kExitNo) << run.err;
  EXPECT_NE(run.out.find("wider: lock: mode is no longer locked"),
            std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("wider: deny -> allow"), std::string::npos);
}

TEST_F(PolicyDiffTest, WritesJson) {
  const CommandRun run = Run("old.yaml", "new.yaml", {"--format", "json"});
  const auto value = ParseJson(run.out);
  ASSERT_TRUE(value.ok()) << run.out;
  EXPECT_EQ(AsInteger(*Member(value.value(), "wider")), 2);
  EXPECT_EQ(AsInteger(*Member(value.value(), "narrower")), 1);
  const JsonValue& row = *Elements(*Member(value.value(), "changes")).at(2);
  EXPECT_EQ(StringMember(row, "direction"), "narrower");
  EXPECT_EQ(StringMember(row, "was"), "allow");
  EXPECT_EQ(StringMember(row, "now"), "deny");
  const JsonValue& where = *Member(row, "where");
  // With what is not fully known.
  EXPECT_GT(Elements(*Member(where, "resources")).size(), 1u);
}

}  // namespace
}  // namespace gatehouse::cli
