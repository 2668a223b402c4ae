// SPDX-License-Identifier: Apache-2.0
// Kubeconfig confinement with the real binary, while it runs: the copy follows
// its source, and what the server made of its copy counts for the next call.

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <string>

#include "tests/e2e/confine_fixture.h"

namespace gatehouse::testing {
namespace {

namespace fs = std::filesystem;

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
  fs::create_directories(home_.File("sa"));
  for (const char* name : {"token", "ca.crt"}) {
    WriteFile(home_.File("sa/") + name, "x");
  }
  WriteFile(home_.File("sa/namespace"), "team");
  GuardSpec spec = Spec(home_.File("none"));
  spec.environment.insert(spec.environment.end(),
                          {{"GATEHOUSE_TEST_SERVICE_ACCOUNT", home_.File("sa")},
                           {"KUBERNETES_SERVICE_HOST", "127.0.0.1"},
                           {"KUBERNETES_SERVICE_PORT", "6443"}});
  const auto expect_copy_only = [&](GuardProcess& guard, bool in_cluster) {
    const std::string copy = CopyOf(guard);
    const std::string current = R"("current-context":"in-cluster")";
    EXPECT_EQ(copy.find(current) != std::string::npos, in_cluster) << copy;
    EXPECT_EQ(copy.find(home_.File("sa/token")) != std::string::npos,
              in_cluster);
    EXPECT_EQ(Variable("KUBERNETES_SERVICE_HOST"), "");
    EXPECT_EQ(Variable("KUBERNETES_SERVICE_PORT"), "");
  };
  {
    GuardProcess guard(spec);
    expect_copy_only(guard, true);
  }
  // A server that looks at nothing but the variables.
  WriteFile(home_.File("policy.yaml"),
            "apiVersion: gatehouse/v1\nkind: Policy\nname: p\n"
            "extends: [read-only]\n"
            "serverSettings: [KUBERNETES_SERVICE_HOST]\n");
  GuardSpec allowing = spec;
  allowing.options[1] = home_.File("policy.yaml");
  {
    GuardProcess guard(allowing);
    CopyOf(guard);
    EXPECT_EQ(Variable("KUBERNETES_SERVICE_HOST"), "127.0.0.1");
    EXPECT_EQ(Variable("KUBERNETES_SERVICE_PORT"), "6443");
    const CommandResult trail =
        RunGatehouse({"audit", "show", "1", "--db", guard.database()});
    EXPECT_NE(trail.output.find("allowed: KUBERNETES_SERVICE_HOST"),
              std::string::npos)
        << trail.output;
  }
  // Beside a kubeconfig the fallback must not count, whatever is allowed.
  WriteFile(home_.File("config"),
            "current-context: dev\n" + Entry("dev", "{token: a}"));
  allowing.kubeconfig = home_.File("config");
  GuardProcess guard(allowing);
  expect_copy_only(guard, false);
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
}  // namespace gatehouse::testing
