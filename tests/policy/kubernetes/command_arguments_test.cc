// SPDX-License-Identifier: Apache-2.0
// kubectl's command line, as measured with kubectl 1.32 and 1.35.
#include "policy/kubernetes/command_arguments.h"

#include <gtest/gtest.h>

#include "policy/kubernetes/command_table.h"
#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/tables.h"

namespace gatehouse {
namespace {

const std::shared_ptr<const KubernetesTables>& Tables() {
  static const auto tables = KubernetesTables::Embedded();
  return tables;
}

ClusterView Cluster() {
  return {"dev",
          {{"dev", "A", "", "dev-user", "ctx"},
           {"prod", "B", "", "prod-user", "prod-ns"}}};
}

// The requests of a command line, one per line; "!" first where unclear.
std::string Read(const std::vector<std::string>& argv) {
  const Meaning meaning =
      MeaningOfKubectl({argv, nullptr}, *Tables(), Cluster());
  std::string text = meaning.unclear ? "!" : "";
  for (const Request& request : meaning.requests) {
    if (request.verb == Verb::kUnclear) continue;
    if (text.size() > 1) text += "; ";
    text += Describe(request);
  }
  return text;
}

struct Row {
  std::vector<std::string> argv;
  std::string expected;
};

TEST(CommandArguments, AreReadAsPflagReadsThem) {
  const Row rows[] = {
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
  for (const Row& row : rows) {
    EXPECT_EQ(Read(row.argv), row.expected) << testing::PrintToString(row.argv);
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
    EXPECT_TRUE(Read(argv).starts_with("!")) << testing::PrintToString(argv);
  }
}

TEST(CommandArguments, OptionalValuesNeverTakeTheNextWord) {
  const CommandArguments parsed =
      ParseCommand({"delete", "--dry-run", "pod", "web"}, Tables()->kubectl());
  EXPECT_EQ(parsed.words, (std::vector<std::string>{"pod", "web"}));
  EXPECT_EQ(*parsed.Value("dry-run"), "");
}

TEST(CommandArguments, AFlagWithAValueSwallowsTheNextFlag) {
  EXPECT_EQ(Read({"patch", "deploy", "--field-manager", "-n", "web"}),
            "get apps/deployments ctx/web @dev; patch apps/deployments "
            "ctx/web @dev");
}

TEST(CommandArguments, FlagsOfOtherKindsHaveTheirOwnVerbs) {
  EXPECT_EQ(Read({"get", "--raw", "/x"}), "raw /x @dev");
  EXPECT_EQ(Read({"config", "view"}), "config @dev");
  EXPECT_NE(Read({"get", "pods", "--as", "x"}).find("impersonate"),
            std::string::npos);
  EXPECT_NE(Read({"get", "pods", "-ojsonpath-file=/x"}).find("local"),
            std::string::npos);
  EXPECT_NE(Read({"apply", "-f", "https://x/y"}).find("fetch"),
            std::string::npos);
}

TEST(CommandTable, EveryRequestNamesAKnownType) {
  const CommandTable& table = Tables()->kubectl();
  EXPECT_GT(table.commands().size(), 90u);
  for (const CommandRow& command : table.commands()) {
    for (const RequestTemplate& request : command.requests) {
      for (const std::string& type : request.types) {
        if (type == "{}" || !FlagInBrackets(type).empty()) continue;
        EXPECT_FALSE(Tables()->Find(type).empty())
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
