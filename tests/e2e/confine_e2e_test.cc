// SPDX-License-Identifier: Apache-2.0
// Kubeconfig confinement with the real binary: what the server is started
// with, and what `run` refuses to start.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/e2e/confine_fixture.h"

namespace gatehouse::testing {
namespace {

namespace fs = std::filesystem;

TEST_F(Confine, TheServerGetsItsCopyAndNothingElse) {
  fs::create_directory(home_.File("a"));
  fs::create_directory(home_.File("b"));
  WriteFile(home_.File("a/config"),
            "current-context: dev\n" +
                Entry("dev",
                      "{client-certificate: ../dev.crt, client-key: "
                      "/k/dev.key, tokenFile: token}"));
  WriteFile(home_.File("b/config"),
            "current-context: prod\n" + Entry("prod", "{token: sesame}"));
  const std::string list = home_.File("a/config") + ":" + home_.File("none") +
                           ":" + home_.File("b/config");
  std::string path;
  {
    GuardProcess guard(Spec(list));
    const std::string copy = CopyOf(guard);
    EXPECT_NE(copy.find("\"current-context\":\"dev\""), std::string::npos);
    EXPECT_NE(copy.find(home_.File("a/ca.crt")), std::string::npos) << copy;
    EXPECT_NE(copy.find("\"" + home_.File("dev.crt")), std::string::npos);
    EXPECT_NE(copy.find("\"/k/dev.key\""), std::string::npos);
    EXPECT_NE(copy.find("\"" + home_.File("a/token")), std::string::npos);
    EXPECT_EQ(copy.find("prod"), std::string::npos) << copy;
    EXPECT_EQ(copy.find("sesame"), std::string::npos) << copy;
    path = Variable("KUBECONFIG");
    EXPECT_TRUE(path.starts_with(guard.folder().path() + "/gatehouse/session-"))
        << path;
    EXPECT_EQ(Variable("KUBECTL_KUBERC"), "false");
    EXPECT_TRUE(fs::exists(path));
    guard.CloseInput();
    EXPECT_EQ(guard.WaitForExit(), 0);
    EXPECT_FALSE(fs::exists(path)) << "removed at exit";
    const CommandResult trail =
        RunGatehouse({"audit", "show", "1", "--db", guard.database()});
    EXPECT_NE(trail.output.find("confined to dev"), std::string::npos)
        << trail.output;
  }
}

TEST_F(Confine, WithoutAContextInScopeNothingStarts) {
  WriteFile(home_.File("config"),
            "current-context: dev\n" + Entry("dev", "{token: a}"));
  ExpectNoStart(Spec(home_.File("none")), "no context of the kubeconfig");
  ExpectNoStart(Spec(home_.File("config"),
                     {"--policy", "read-only", "--profile", "sample-server",
                      "--set", "scope.contexts=prod"}),
                "there are dev");
  ExpectNoStart(
      Spec(home_.File("config"), {"--policy", "read-only", "--profile",
                                  "sample-server", "--context", "prod"}),
      "no context \"prod\"");
  WriteFile(
      home_.File("config"),
      "current-context: dev\n" + Entry("dev", "{auth-provider: {name: gcp}}"));
  ExpectNoStart(Spec(home_.File("config")), "auth-provider");
}

TEST_F(Confine, OtherWaysToAClusterAreRefused) {
  WriteFile(home_.File("config"),
            "current-context: dev\n" + Entry("dev", "{token: a}"));
  const struct {
    std::string profile;
    std::vector<std::string> words;
    std::vector<std::pair<std::string, std::string>> variables;
    std::string setting;
  } kRows[] = {
      {"kubernetes-mcp-server", {"--config", "c.toml"}, {}, "--config"},
      {"kubernetes-mcp-server", {"--config-dir=c"}, {}, "--config-dir"},
      {"kubernetes-mcp-server",
       {},
       {{"K8S_MCP_CONFIG_PATH", "c"}},
       "K8S_MCP_CONFIG_PATH"},
      {"kubernetes-mcp-server", {"--port", "0"}, {}, "--port"},
      {"kubernetes-mcp-server",
       {"--cluster-provider", "in-cluster"},
       {},
       "--cluster-provider"},
      {"mcp-server-kubernetes",
       {},
       {{"K8S_SERVER", "https://127.0.0.1:2"}, {"K8S_TOKEN", "t"}},
       "K8S_SERVER"},
      {"mcp-server-kubernetes",
       {},
       {{"KUBECONFIG_JSON", "{}"}},
       "KUBECONFIG_JSON"},
      {"mcp-server-kubernetes",
       {},
       {{"ALLOW_KUBECTL_UNSAFE_FLAGS", "true"}},
       "ALLOW_KUBECTL_UNSAFE_FLAGS"},
      {"mcp-server-kubernetes",
       {},
       {{"ENABLE_UNSAFE_SSE_TRANSPORT", "1"}},
       "ENABLE_UNSAFE_SSE_TRANSPORT"},
      {"mcp-server-kubernetes",
       {},
       {{"ENABLE_UNSAFE_STREAMABLE_HTTP_TRANSPORT", "1"}},
       "ENABLE_UNSAFE_STREAMABLE_HTTP_TRANSPORT"},
      {"sample-server",
       {},
       {{"KUBECTL_EXTERNAL_DIFF", "x"}},
       "KUBECTL_EXTERNAL_DIFF"},
      {"sample-server",
       {},
       {{"HELM_KUBEAPISERVER", "x"}},
       "HELM_KUBEAPISERVER"},
  };
  for (const auto& row : kRows) {
    GuardSpec spec = Spec(home_.File("config"),
                          {"--policy", "read-only", "--profile", row.profile});
    spec.server.insert(spec.server.end(), row.words.begin(), row.words.end());
    spec.environment.insert(spec.environment.end(), row.variables.begin(),
                            row.variables.end());
    ExpectNoStart(spec, "the server's setting " + row.setting + " ");
  }
}

TEST_F(Confine, OtherKubeconfigsAreReadIntoTheCopy) {
  WriteFile(home_.File("own"),
            "current-context: own\n" + Entry("own", "{token: a}"));
  const std::string other =
      "current-context: other\n" + Entry("other", "{token: b}");
  WriteFile(home_.File("other"), other);
  const struct {
    std::string profile;
    std::vector<std::string> words;
    std::vector<std::pair<std::string, std::string>> variables;
  } kRows[] = {
      {"kubernetes-mcp-server", {"--kubeconfig", home_.File("other")}, {}},
      {"kubernetes-mcp-server", {"--kubeconfig=" + home_.File("other")}, {}},
      {"mcp-server-kubernetes", {}, {{"KUBECONFIG_YAML", other}}},
      {"mcp-server-kubernetes", {}, {{"KUBECONFIG_PATH", home_.File("other")}}},
  };
  for (const auto& row : kRows) {
    GuardSpec spec = Spec(home_.File("own"),
                          {"--policy", "read-only", "--profile", row.profile});
    spec.server.insert(spec.server.end(), row.words.begin(), row.words.end());
    spec.environment.insert(spec.environment.end(), row.variables.begin(),
                            row.variables.end());
    GuardProcess guard(spec);
    const std::string copy = CopyOf(guard);
    EXPECT_NE(copy.find("\"current-context\":\"other\""), std::string::npos)
        << row.profile << copy;
    EXPECT_EQ(copy.find("own"), std::string::npos) << copy;
    EXPECT_EQ(Variable("KUBECONFIG_YAML"), "");
    const std::string path = Variable("KUBECONFIG");
    EXPECT_NE(path.find("/session-"), std::string::npos);
    if (!Variable("KUBECONFIG_PATH").empty()) {
      EXPECT_EQ(Variable("KUBECONFIG_PATH"), path);
    }
    if (!row.words.empty()) {
      EXPECT_NE(ReadFile(home_.File("words")).find(path), std::string::npos);
    }
  }
}

TEST_F(Confine, ASettingThatThePolicyNamesIsAllowedAndInTheTrail) {
  WriteFile(home_.File("config"),
            "current-context: dev\n" + Entry("dev", "{token: a}"));
  WriteFile(home_.File("policy.yaml"),
            "apiVersion: gatehouse/v1\nkind: Policy\nname: p\n"
            "extends: [read-only]\nserverSettings: [--port]\n");
  GuardSpec spec =
      Spec(home_.File("config"), {"--policy", home_.File("policy.yaml"),
                                  "--profile", "kubernetes-mcp-server"});
  spec.server.insert(spec.server.end(), {"--port", "1"});
  GuardProcess guard(spec);
  EXPECT_NE(CopyOf(guard), "");
  const CommandResult trail =
      RunGatehouse({"audit", "show", "1", "--db", guard.database()});
  EXPECT_NE(trail.output.find("allowed: --port"), std::string::npos)
      << trail.output;
}

}  // namespace
}  // namespace gatehouse::testing
