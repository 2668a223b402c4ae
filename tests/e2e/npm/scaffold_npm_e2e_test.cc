// SPDX-License-Identifier: Apache-2.0
// docs/writing-a-profile.md as a new user goes through it: a real server under
// a name that no profile has is drafted, its draft lets nothing through, and
// the lines that the page shows make two of its reads work, and no more.

#include <filesystem>

#include "policy/json_value.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/guard_process.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

class Scaffold : public NpmServers {
 protected:
  void SetUp() override {
    NpmServers::SetUp();
    server_ = home_.File("team-server");
    profile_ = home_.File("team-server.yaml");
    std::filesystem::create_symlink(FindNpmServer(kGoServer), server_);
    cli::LineProcessSpec spec;
    // Only what goes to standard output is the profile.
    spec.argv = {"/bin/sh",
                 "-c",
                 "exec \"$0\" server scaffold -- \"$1\" >\"$2\"",
                 GatehousePath(),
                 server_,
                 profile_};
    auto draft = cli::LineProcess::Start(spec);
    ASSERT_TRUE(draft.ok());
    ASSERT_EQ(draft.value().Finish(std::chrono::seconds(60)), 0);
  }

  // What stands between the tool's name and its next one.
  void Describe(const std::string& tool, const std::string& requests) {
    std::string text = ReadFile(profile_);
    const std::size_t at = text.find("\n  " + tool + ":\n");
    ASSERT_NE(at, std::string::npos) << text;
    const std::size_t begin = text.find("    unclear:", at);
    const std::size_t end = text.find('\n', begin) + 1;
    text.replace(begin, end - begin, requests);
    WriteFile(profile_, text);
  }

  std::unique_ptr<McpClient> Guarded() const {
    return McpClient::Start(GuardCommand(
        {"--policy", "read-only", "--profile", profile_}, {server_}));
  }

  TemporaryFolder home_;
  std::string server_;
  std::string profile_;
};

TEST_F(Scaffold, TheDraftIsAcceptedAndLetsNothingThrough) {
  const CommandResult inspected =
      RunGatehouse({"server", "inspect", "--profile", profile_, "--", server_});
  EXPECT_EQ(inspected.exit_code, 0) << inspected.output;
  EXPECT_NE(inspected.output.find(" covered, 0 drifted, 0 unknown"),
            std::string::npos)
      << inspected.output;
  EXPECT_EQ(inspected.output.find("readOnly"), std::string::npos);
  auto guarded = Guarded();
  ASSERT_NE(guarded, nullptr);
  const JsonValue listed = guarded->Request("tools/list", "{}");
  EXPECT_TRUE(Elements(*Member(*Member(listed, "result"), "tools")).empty());
  const std::size_t mark = cluster_->Mark();
  for (const char* tool : {"pods_list", "pods_delete", "configuration_view"}) {
    EXPECT_EQ(RefusalCode(guarded->Call(tool, R"({"name":"web"})")), "unclear")
        << tool;
  }
  EXPECT_TRUE(cluster_->Since(mark).empty());
}

TEST_F(Scaffold, AFewLinesMakeItsReadsWork) {
  Describe("pods_list_in_namespace",
           "    requests:\n"
           "    - {verb: list, resource: pods, namespace: {argument: "
           "namespace, absent: all}}\n"
           "    - {verb: discover}\n");
  Describe("pods_get",
           "    requests: [{verb: get, resource: pods, name: name, namespace: "
           "{argument: namespace, absent: context}}]\n");
  const CommandResult inspected =
      RunGatehouse({"server", "inspect", "--profile", profile_, "--", server_});
  EXPECT_EQ(inspected.exit_code, 0) << inspected.output;
  auto guarded = Guarded();
  ASSERT_NE(guarded, nullptr);
  const JsonValue answer =
      guarded->Call("pods_list_in_namespace", R"({"namespace":"dev"})");
  EXPECT_EQ(RefusalCode(answer), "");
  EXPECT_NE(ContentOf(answer).find("dev"), std::string::npos)
      << answer.dump().substr(0, 400);
  const JsonValue listed = guarded->Request("tools/list", "{}");
  EXPECT_EQ(Elements(*Member(*Member(listed, "result"), "tools")).size(), 2u);
  const std::size_t mark = cluster_->Mark();
  EXPECT_EQ(RefusalCode(guarded->Call("pods_delete",
                                      R"({"name":"web","namespace":"dev"})")),
            "unclear");
  // An argument that the draft does not know.
  EXPECT_NE(RefusalCode(guarded->Call("pods_list_in_namespace",
                                      R"({"namespace":"dev","node":"x"})")),
            "");
  EXPECT_TRUE(cluster_->Since(mark).empty());
}

}  // namespace
}  // namespace gatehouse::testing
