// SPDX-License-Identifier: Apache-2.0
// What a person accepts with `server pin` is what `run` then gets: with
// kubernetes-mcp-server, which offers a choice of context, and a tool that
// lists them, only where it sees several.

#include <cstdlib>

#include "policy/json_value.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/guard_process.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

class AcceptedTools : public NpmServers {
 protected:
  void SetUp() override {
    NpmServers::SetUp();
    WriteFile(Contexts(), Kubeconfig());
    setenv("KUBECONFIG", Contexts().c_str(), 1);
    setenv("XDG_CONFIG_HOME", home_.path().c_str(), 1);
  }
  void TearDown() override {
    setenv("KUBECONFIG", cluster_->kubeconfig().c_str(), 1);
    unsetenv("XDG_CONFIG_HOME");
  }

  // "test" and "other", both of the one cluster; "test" is current.
  static std::string Kubeconfig() {
    const std::string url =
        "http://127.0.0.1:" + std::to_string(cluster_->port());
    return "current-context: test\n"
           "clusters: [{name: c, cluster: {server: \"" +
           url +
           "\"}}]\nusers: [{name: u, user: {token: t}}]\n"
           "contexts:\n- {name: test, context: {cluster: c, user: u}}\n"
           "- {name: other, context: {cluster: c, user: u}}\n";
  }
  std::string Contexts() const { return home_.File("contexts"); }

  std::string Strict(const std::string& scope) const {
    std::string path = home_.File("strict.yaml");
    WriteFile(path,
              "apiVersion: gatehouse/v1\nkind: Policy\nname: strict\n"
              "extends: [read-only]\npin: strict\n" +
                  scope);
    return path;
  }

  std::vector<std::string> Words(std::vector<std::string> command,
                                 const std::vector<std::string>& options) {
    command.insert(command.end(), {"--db", home_.File("pins.db")});
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {"--", FindNpmServer(kGoServer)});
    return command;
  }

  // Accepted by a person, and then called.
  void ExpectCalled(const std::vector<std::string>& options) {
    const CommandResult pinned =
        RunGatehouse(Words({"server", "pin", "--accept"}, options));
    EXPECT_EQ(pinned.exit_code, 0) << pinned.output;
    auto guarded = McpClient::Start(Words({GatehousePath(), "run"}, options));
    ASSERT_NE(guarded, nullptr);
    // What has not been listed is refused before it is compared.
    guarded->Request("tools/list", "{}");
    const JsonValue answer = guarded->Call("pods_list", "{}");
    EXPECT_EQ(RefusalCode(answer), "") << answer.dump().substr(0, 400);
    EXPECT_NE(ContentOf(answer).find("web"), std::string::npos)
        << answer.dump().substr(0, 400);
  }

  TemporaryFolder home_;
};

TEST_F(AcceptedTools, AreThoseThatRunGetsUnderThePolicy) {
  ExpectCalled({"--policy", Strict("")});
  // Another scope, another list: accepted in its turn.
  ExpectCalled({"--policy", Strict("scope: {contexts: [test, other]}\n")});
  ExpectCalled({"--policy", Strict(""), "--context", "other"});
  ExpectCalled(
      {"--policy", Strict(""), "--no-confine", "--kubeconfig", Contexts()});
}

TEST_F(AcceptedTools, AreThoseThatRunGetsWithoutANamedPolicy) {
  const CommandResult pinned = RunGatehouse(Words({"server", "pin"}, {}));
  EXPECT_EQ(pinned.exit_code, 0) << pinned.output;
  EXPECT_NE(pinned.output.find("confined to test\n"), std::string::npos)
      << pinned.output;
  EXPECT_EQ(pinned.output.find("configuration_contexts_list"),
            std::string::npos)
      << pinned.output;
}

TEST_F(AcceptedTools, AreInspectedAsRunGetsThem) {
  const auto inspect = [](std::vector<std::string> words) {
    words.insert(words.begin(), {"server", "inspect"});
    words.insert(words.end(), {"--", FindNpmServer(kGoServer)});
    return RunGatehouse(words);
  };
  constexpr const char* kOfSeveral = "configuration_contexts_list";
  const CommandResult one = inspect({});
  EXPECT_EQ(one.exit_code, 0) << one.output;
  EXPECT_EQ(one.output.find(kOfSeveral), std::string::npos) << one.output;
  const CommandResult both =
      inspect({"--policy", Strict("scope: {contexts: [test, other]}\n")});
  EXPECT_EQ(both.exit_code, 0) << both.output;
  EXPECT_NE(both.output.find(kOfSeveral), std::string::npos) << both.output;
}

}  // namespace
}  // namespace gatehouse::testing
