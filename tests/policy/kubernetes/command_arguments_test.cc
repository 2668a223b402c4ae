// SPDX-License-Identifier: Apache-2.0
// kubectl's command line, as measured with kubectl 1.32 and 1.35.
#include "policy/kubernetes/command_arguments.h"

#include <gtest/gtest.h>

#include "policy/kubernetes/command_table.h"
#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/tables.h"
#include "tests/policy/kubernetes/kubectl_fixture.h"

namespace gatehouse {
namespace {

struct CommandArgumentsRow {
  std::vector<std::string> argv;
  std::string expected;
};

TEST(CommandArguments, AreReadAsPflagReadsThem) {
  const CommandArgumentsRow rows[] = {
      {{"get", "pods"}, "list pods ctx @dev"},
      {{"get", "pods", "-n", "a"}, "list pods a @dev"},
      {{"get", "pods", "-na"}, "list pods a @dev"},
      {{"get", "pods", "-n=a"}, "list pods a @dev"},
      {{"get", "pods", "--namespace=a"}, "list pods a @dev"},
      {{"get", "pods", "--namespace", "a"}, "list pods a @dev"},
      {{"get", "pods", "-Rna"}, "list pods a @dev"},
      {{"get", "pods", "-Aowide"}, "list pods * @dev"},
      {{"get", "pods", "--all_namespaces"}, "list pods * @dev"},
      {{"get", "pods", "--all-namespaces=1"}, "list pods * @dev"},
      {{"get", "pods", "-A=false", "-n", "a"}, "list pods a @dev"},
      {{"get", "pods", "-n", "a", "-n", "b"}, "list pods b @dev"},
      {{"-n", "a", "get", "pods"}, "list pods a @dev"},
      {{"get", "pods", "-n", "a", "-A"}, "list pods * @dev"},
      {{"get", "pods", "-n", ""}, "list pods ctx @dev"},
      {{"get", "pods", "-lX,-nY"}, "list pods ctx @dev"},
      {{"get", "pods", "-l", "-A"}, "list pods ctx @dev"},
      {{"get", "pods", "-L-nY"}, "list pods ctx @dev"},
      {{"get", "pods", "--", "web"}, "get pods ctx/web @dev"},
      {{"get", "pods", "-w"}, "list pods ctx @dev; watch pods ctx @dev"},
      {{"-o", "json", "get", "pods"}, "list pods ctx @dev"},
      {{"--v", "6", "get", "pods"}, "list pods ctx @dev"},
      {{"-n", "a", "rollout", "-nb", "restart", "-na", "deploy/web"},
       "get apps/deployments a/web @dev; patch apps/deployments a/web @dev"},
      {{"get", "pods", "--context", "prod"}, "list pods prod-ns @prod"},
      {{"get", "nodes", "-n", "a"}, "list nodes (cluster) @dev"},
      {{"get", "pods,svc", "web"},
       "get pods ctx/web @dev; get services "
       "ctx/web @dev"},
  };
  for (const CommandArgumentsRow& row : rows) {
    EXPECT_EQ(ReadKubectl(row.argv), row.expected)
        << ::testing::PrintToString(row.argv);
  }
}

TEST(CommandArguments, WhatIsNotUnderstoodIsUnclear) {
  const std::vector<std::string> rows[] = {
      {},
      {"evil"},
      {"rollout"},
      {"get"},
      {"get", "pods", "--all-namesp"},
      {"get", "pods", "--All-Namespaces"},
      {"get", "pods", "-Z"},
      {"get", "pods", "-n"},
      {"get", "pods", "-A=maybe"},
      {"get", "pods", "-n", "a,b"},
      {"get", "pods", "-n", "../x"},
      {"get", "pods", "--kubeconfig=/x"},
      {"get", "pods", "--server", "http://x"},
      {"get", "pods", "--user=x"},
      {"get", "-f", "x.yaml"},
      {"apply", "-f", "-"},
      {"apply", "-k", "dir"},
      {"delete", "pod", "x", "--dry-run=maybe"},
      {"create", "x", "configmap"},
      {"debug"},
      {"-A", "get", "pods"},
      {"get", "pod/a", "b"},
      {"get", "pods", "a/b"},
      {"-o", "get", "pods"},
      {"rollout", "-R", "restart", "deploy/web"},
  };
  for (const std::vector<std::string>& argv : rows) {
    EXPECT_TRUE(ReadKubectl(argv).starts_with("!"))
        << ::testing::PrintToString(argv);
  }
}

TEST(CommandArguments, OptionalValuesNeverTakeTheNextWord) {
  const CommandArguments parsed = ParseCommand(
      {"delete", "--dry-run", "pod", "web"}, KubectlTables()->kubectl());
  EXPECT_EQ(parsed.words, (std::vector<std::string>{"pod", "web"}));
  EXPECT_EQ(*parsed.Value("dry-run"), "");
}

TEST(CommandArguments, AFlagWithAValueSwallowsTheNextFlag) {
  EXPECT_EQ(ReadKubectl({"patch", "deploy", "--field-manager", "-n", "web"}),
            "get apps/deployments ctx/web @dev; patch apps/deployments "
            "ctx/web @dev");
}

TEST(CommandArguments, FlagsOfOtherKindsHaveTheirOwnVerbs) {
  EXPECT_EQ(ReadKubectl({"get", "--raw", "/x"}), "raw /x @dev");
  EXPECT_EQ(ReadKubectl({"config", "view"}), "config @dev");
  EXPECT_NE(ReadKubectl({"get", "pods", "--as", "x"}).find("impersonate"),
            std::string::npos);
  EXPECT_NE(ReadKubectl({"get", "pods", "-ojsonpath-file=/x"}).find("local"),
            std::string::npos);
  EXPECT_NE(ReadKubectl({"apply", "-f", "https://x/y"}).find("fetch"),
            std::string::npos);
}

TEST(CommandTable, EveryRequestNamesAKnownType) {
  const CommandTable& table = KubectlTables()->kubectl();
  EXPECT_GT(table.commands().size(), 90u);
  for (const CommandRow& command : table.commands()) {
    for (const RequestTemplate& request : command.requests) {
      for (const std::string& type : request.types) {
        if (type == "{}" || !FlagInBrackets(type).empty()) continue;
        EXPECT_FALSE(KubectlTables()->Find(type).empty())
            << command.path << ": " << type;
      }
    }
  }
}

TEST(CommandTable, FaultsAreReportedAllAtOnce) {
  Issues issues;
  const CommandTable table({"k.yaml",
                            "roles: {odd: x}\n"
                            "commands:\n"
                            "  get: {words: odd, colour: red}\n"},
                           issues);
  EXPECT_EQ(issues.items().size(), 4u);  // and `program` is missing
}

}  // namespace
}  // namespace gatehouse
