// SPDX-License-Identifier: Apache-2.0
// Kubeconfig confinement with the real binary: what the server is started
// with, what it can make of it, and what `run` refuses to start. The server is
// a shell that writes down its environment and kubeconfig, then the fake one.

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;
using testing::CommandResult;
using testing::Eventually;
using testing::FakeServerPath;
using testing::GuardProcess;
using testing::GuardSpec;
using testing::ReadFile;
using testing::RunGatehouse;
using testing::TemporaryFolder;
using testing::WriteFile;

constexpr const char* kPing = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
constexpr const char* kScript =
    "env >\"$DUMP/env\"; echo \"$@\" >\"$DUMP/words\"; "
    "cat \"$KUBECONFIG\" >\"$DUMP/config\"; exec \"$FAKE\"";

std::string Entry(const std::string& name, const std::string& user) {
  return "clusters: [{name: c-" + name +
         ", cluster: {server: 'https://127.0.0.1:1', certificate-authority: "
         "ca.crt}}]\nusers: [{name: u-" +
         name + ", user: " + user + "}]\ncontexts: [{name: " + name +
         ", context: {cluster: c-" + name + ", user: u-" + name + "}}]\n";
}

class Confine : public ::testing::Test {
 protected:
  GuardSpec Spec(const std::string& kubeconfig,
                 std::vector<std::string> options = {
                     "--policy", "read-only", "--profile", "sample-server"}) {
    GuardSpec spec;
    spec.options = std::move(options);
    spec.kubeconfig = kubeconfig;
    spec.server = {"/bin/sh", "-c", kScript, "sh"};
    spec.environment = {{"DUMP", home_.path()}, {"FAKE", FakeServerPath()}};
    return spec;
  }
  // Starts it and waits until the server answers.
  std::string CopyOf(GuardProcess& guard) {
    EXPECT_TRUE(guard.WriteLine(kPing));
    EXPECT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
    return ReadFile(home_.File("config"));
  }
  std::string Variable(const std::string& name) {
    const std::string env = "\n" + ReadFile(home_.File("env"));
    const std::size_t at = env.find("\n" + name + "=");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 2;
    return env.substr(begin, env.find('\n', begin) - begin);
  }
  void ExpectNoStart(GuardSpec spec, const std::string& why) {
    SCOPED_TRACE(why);
    GuardProcess guard(spec);
    guard.CloseInput();
    EXPECT_EQ(guard.WaitForExit(), 3);
    EXPECT_NE(guard.Stderr().find(why), std::string::npos) << guard.Stderr();
    EXPECT_FALSE(fs::exists(home_.File("env"))) << "the server was started";
  }

  TemporaryFolder home_;
};

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

TEST_F(Confine, TheCopyFollowsItsSourceWithoutACall) {
  WriteFile(home_.File("source"),
            "current-context: dev\n" + Entry("dev", "{token: old}"));
  GuardProcess guard(Spec(home_.File("source")));
  EXPECT_NE(CopyOf(guard).find("old"), std::string::npos);
  const std::string path = Variable("KUBECONFIG");
  for (const std::string token : {"rotated", "again"}) {
    WriteFile(home_.File("next"), "current-context: dev\n" +
                                      Entry("dev", "{token: " + token + "}"));
    fs::rename(home_.File("next"), home_.File("source"));
    EXPECT_TRUE(Eventually([&] {
      return ReadFile(path).find(token) != std::string::npos;
    })) << token;
  }
}

TEST_F(Confine, AKilledGuardsCopyIsSweptByTheNext) {
  WriteFile(home_.File("source"),
            "current-context: dev\n" + Entry("dev", "{token: a}"));
  const GuardSpec spec = Spec(home_.File("source"));
  GuardProcess first(spec);
  CopyOf(first);
  const std::string left = Variable("KUBECONFIG");
  first.Signal(SIGKILL);
  first.WaitForExit();
  ASSERT_TRUE(first.AllGone());
  EXPECT_TRUE(fs::exists(left));
  GuardProcess second(spec, first.folder());
  CopyOf(second);
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(Variable("KUBECONFIG")));
}

TEST_F(Confine, NoConfineHandsOnTheKubeconfigAndTheTrailSaysSo) {
  WriteFile(home_.File("source"),
            "current-context: dev\n" + Entry("dev", "{token: a}"));
  GuardProcess guard(Spec(
      home_.File("source"),
      {"--policy", "read-only", "--profile", "sample-server", "--no-confine"}));
  CopyOf(guard);
  EXPECT_EQ(Variable("KUBECONFIG"), home_.File("source"));
  EXPECT_EQ(Variable("KUBECTL_KUBERC"), "false");
  const CommandResult trail =
      RunGatehouse({"audit", "show", "1", "--db", guard.database()});
  EXPECT_NE(trail.output.find("not confined (--no-confine)"), std::string::npos)
      << trail.output;
}

TEST_F(Confine, InAPodTheServiceAccountIsAContext) {
  for (const char* name : {"token", "ca.crt"}) {
    fs::create_directories(home_.File("sa"));
    WriteFile(home_.File("sa/") + name, "x");
  }
  WriteFile(home_.File("sa/namespace"), "team");
  GuardSpec spec = Spec(home_.File("none"));
  spec.environment.insert(spec.environment.end(),
                          {{"GATEHOUSE_TEST_SERVICE_ACCOUNT", home_.File("sa")},
                           {"KUBERNETES_SERVICE_HOST", "127.0.0.1"},
                           {"KUBERNETES_SERVICE_PORT", "6443"}});
  {
    GuardProcess guard(spec);
    const std::string copy = CopyOf(guard);
    EXPECT_NE(copy.find(R"("current-context":"in-cluster")"), std::string::npos)
        << copy;
    EXPECT_NE(copy.find(home_.File("sa/token")), std::string::npos) << copy;
    EXPECT_EQ(Variable("KUBERNETES_SERVICE_HOST"), "127.0.0.1")
        << "the only way there is";
  }
  // Beside a kubeconfig the fallback must not count.
  WriteFile(home_.File("config"),
            "current-context: dev\n" + Entry("dev", "{token: a}"));
  spec.kubeconfig = home_.File("config");
  GuardProcess guard(spec);
  EXPECT_EQ(CopyOf(guard).find("in-cluster"), std::string::npos);
  EXPECT_EQ(Variable("KUBERNETES_SERVICE_HOST"), "");
  EXPECT_EQ(Variable("KUBERNETES_SERVICE_PORT"), "");
}

std::string CallLine(int id, const std::string& tool,
                     const std::string& arguments) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":")" + tool +
         R"(","arguments":)" + arguments + "}}\n";
}

// The rule allows reads in dev only. The call after the switch is sent in the
// same breath; judged by the old context, it would pass.
TEST_F(Confine, ACallAfterASwitchIsJudgedByWhatItLeftBehind) {
  std::string source = "current-context: dev\n";
  source += Entry("dev", "{token: a}");
  WriteFile(home_.File("one"), source);
  WriteFile(home_.File("two"), Entry("prod", "{token: b}"));
  WriteFile(home_.File("policy.yaml"),
            "apiVersion: gatehouse/v1\nkind: Policy\nname: p\n"
            "scope: {contexts: ['*']}\nrules:\n"
            "- {id: switch, allow: config}\n"
            "- {id: read-dev, allow: read, contexts: dev}\n");
  GuardSpec spec = Spec(
      home_.File("one") + ":" + home_.File("two"),
      {"--policy", home_.File("policy.yaml"), "--profile", "sample-server"});
  spec.environment.emplace_back("FAKE_SERVER_HOLD", home_.File("go"));
  GuardProcess guard(spec);
  CopyOf(guard);
  ASSERT_TRUE(guard.Write(
      CallLine(2, "kubectl", R"({"args":["config","use-context","prod"]})") +
      CallLine(3, "list_pods", "{}")));
  ASSERT_TRUE(guard.WaitUntilReceived("use-context"));
  // What the server's kubectl does; then it answers.
  const std::string path = Variable("KUBECONFIG");
  std::string text = ReadFile(path);
  const std::string current = "\"current-context\":\"dev\"";
  text.replace(text.find(current), current.size(),
               "\"current-context\":\"prod\"");
  WriteFile(path, text);
  EXPECT_EQ(guard.Received().find("list_pods"), std::string::npos);
  WriteFile(home_.File("go"), "");
  const auto switched = guard.ReadLineWith("\"id\":2");
  const auto answer = guard.ReadLineWith("\"id\":3");
  ASSERT_TRUE(switched && answer) << guard.Stderr();
  EXPECT_NE(answer->find("Denied by gatehouse"), std::string::npos) << *answer;
  EXPECT_EQ(guard.Received().find("list_pods"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse
