// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/kubectl_targets.h"

#include <gtest/gtest.h>

#include "tests/policy/kubernetes/kubectl_fixture.h"

namespace gatehouse {
namespace {

TEST(KubectlTargets, WordsAreReadByTheRuleOfTheirCommand) {
  const KubectlRow rows[] = {
      // types-word: the last word is no operand.
      {{"set", "sa", "deploy", "web", "builder"},
       "get apps/deployments ctx/web @dev; patch apps/deployments ctx/web "
       "@dev"},
      {{"set", "selector", "svc", "web", "a in (b)"},
       "get services ctx/web @dev; patch services ctx/web @dev"},
      // each: a name of the command's own type, or TYPE/NAME.
      {{"cordon", "n1", "node/n2"},
       "get nodes (cluster) n1 @dev; get nodes (cluster) n2 @dev; patch nodes "
       "(cluster) n1 @dev; patch nodes (cluster) n2 @dev"},
      {{"cordon", "-l", "a=b"},
       "list nodes (cluster) @dev; patch nodes (cluster) ? @dev"},
      // pairs, after "--" too.
      {{"label", "pod", "web", "--", "a=b"},
       "get pods ctx/web @dev; patch pods ctx/web @dev"},
      {{"taint", "nodes", "n1", "a:NoExecute"},
       "get nodes (cluster) n1 @dev; patch nodes (cluster) n1 @dev"},
      // copies: the pod's namespace stands before it.
      {{"cp", "x", "shop/web:/y", "-n", "dev"},
       "get pods shop/web @dev; exec pods/exec shop/web @dev; local @dev"},
      {{"cp", "web:/y", "x", "-n", "dev"},
       "get pods dev/web @dev; exec pods/exec dev/web @dev; local @dev"},
      // first: what follows is a port, a container or a command.
      {{"exec", "web", "-n", "dev", "--", "ls", "-n", "shop"},
       "get pods dev/web @dev; exec pods/exec dev/web @dev"},
  };
  for (const KubectlRow& row : rows) {
    EXPECT_EQ(ReadKubectl(row.argv), row.expected)
        << ::testing::PrintToString(row.argv);
  }
}

TEST(KubectlTargets, WhatNamesNothingIsUnclear) {
  const std::vector<std::string> rows[] = {
      {"cp", "a", "b"},
      {"cp", "a/b/c:d", "e"},
      {"cp", "..:/x", "y"},
      {"cp", "UP/web:/x", "y"},
      {"cordon"},
      {"exec", "-n", "dev", "--", "web"},
      {"certificate", "approve"},
      {"create", "evil", "-f", "x"},
      {"debug", "a b"},
      {"delete", "-f", "x.yaml"},
      {"get", "-k", "folder"},
      {"set", "image", "pod", "web", "-"},
      {"label", "pod", "web", "=x"},
  };
  for (const std::vector<std::string>& argv : rows) {
    EXPECT_TRUE(ReadKubectl(argv).starts_with("!"))
        << ::testing::PrintToString(argv) << ReadKubectl(argv);
  }
}

TEST(KubectlTargets, AManifestNamesItsOwnNamespaces) {
  const std::string manifest =
      "{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: shop}}\n";
  EXPECT_EQ(
      ReadKubectl({"delete", "-f", std::string(kInlineManifest)}, &manifest),
      "get secrets shop/a @dev; list secrets shop @dev; delete secrets "
      "shop/a @dev");
}

}  // namespace
}  // namespace gatehouse
