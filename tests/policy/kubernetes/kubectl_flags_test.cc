// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/kubectl_flags.h"

#include <gtest/gtest.h>

#include "tests/policy/kubernetes/kubectl_fixture.h"

namespace gatehouse {
namespace {

TEST(KubectlFlags, DryRunIsReadAsABooleanFirst) {
  const std::string real = "create namespaces (cluster) x @dev";
  const std::pair<const char*, std::string> rows[] = {
      {"--dry-run", "discover @dev"},
      {"--dry-run=client", "discover @dev"},
      {"--dry-run=1", "discover @dev"},
      {"--dry-run=TRUE", "discover @dev"},
      {"--dry-run=server", real + " dry-run"},
      {"--dry-run=0", real},
      {"--dry-run=f", real},
      {"--dry-run=none", real},
      {"--dry-run=Client", "!" + real},
      {"--dry-run=maybe", "!" + real},
  };
  for (const auto& [flag, expected] : rows) {
    EXPECT_EQ(ReadKubectl({"create", "ns", "x", flag}), expected) << flag;
  }
}

TEST(KubectlFlags, WhatAFlagDoesOnThisMachineIsNamed) {
  const KubectlRow rows[] = {
      {{"get", "ns", "-ojsonpath-file=x"}, "local @dev"},
      {{"get", "ns", "-o", "templatefile"}, "local @dev"},
      {{"get", "ns", "-o", "custom-columns-file=/x"}, "local @dev"},
      {{"get", "ns", "--cache-dir=/x"}, "local @dev"},
      {{"get", "ns", "--profile-output=/x"}, "local @dev"},
      {{"create", "cm", "x", "--from-file=/x"}, "local @dev"},
      {{"get", "ns", "--as=x"}, "impersonate "},
  };
  for (const KubectlRow& row : rows) {
    EXPECT_TRUE(ReadKubectl(row.argv).starts_with(row.expected))
        << ::testing::PrintToString(row.argv) << ReadKubectl(row.argv);
  }
  // A format's own text may hold the word.
  EXPECT_EQ(ReadKubectl({"get", "ns", "-o", "jsonpath={.x.profile}"}),
            "list namespaces (cluster) @dev");
}

TEST(KubectlFlags, ASubresourceIsOneWord) {
  EXPECT_EQ(ReadKubectl({"get", "pods", "web", "--subresource=log"}),
            "get pods/log ctx/web @dev");
  for (const char* sub : {"../secrets", "log/x", "LOG", "log%2fx"}) {
    EXPECT_TRUE(ReadKubectl({"get", "pods", "web", "--subresource", sub})
                    .starts_with("!"))
        << sub;
  }
}

TEST(KubectlFlags, ANameMayMeanSomethingElseInOneCommand) {
  EXPECT_EQ(ReadKubectl({"create", "rolebinding", "x", "--user=ann"}),
            "create rbac.authorization.k8s.io/rolebindings ctx/x @dev");
  EXPECT_EQ(ReadKubectl({"config", "set-context", "x", "-n", "y"}),
            "config @dev");
  EXPECT_EQ(ReadKubectl({"config", "view", "--raw"}), "config @dev");
  EXPECT_TRUE(ReadKubectl({"get", "pods", "--user=ann"}).starts_with("!"));
}

}  // namespace
}  // namespace gatehouse
