// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/kubectl_requests.h"

#include <gtest/gtest.h>

#include "tests/policy/kubernetes/kubectl_fixture.h"

namespace gatehouse {
namespace {

TEST(KubectlRequests, NamedVerbsStandForWhatIsNoRequest) {
  const KubectlRow rows[] = {
      {{"proxy"}, "raw @dev; forward pods/portforward *"},
      {{"kustomize", "x"}, "local @dev; fetch @dev"},
      {{"plugin", "list"}, "local @dev"},
      {{"kuberc", "set"}, "config @dev; local @dev"},
      {{"config", "set-credentials", "x", "--exec-command=y"},
       "local @dev; config @dev"},
      {{"port-forward", "web", "1:2"},
       "get pods ctx/web @dev; forward pods/portforward ctx/web @dev; local"},
      {{"delete", "pod", "x", "--help"}, "discover @dev"},
      {{"help", "delete"}, "discover @dev"},
  };
  for (const KubectlRow& row : rows) {
    EXPECT_TRUE(ReadKubectl(row.argv).starts_with(row.expected))
        << ::testing::PrintToString(row.argv) << ReadKubectl(row.argv);
  }
}

TEST(KubectlRequests, AnEmptyRawPathIsNone) {
  EXPECT_EQ(ReadKubectl({"get", "secrets", "--raw="}), "list secrets ctx @dev");
  EXPECT_EQ(ReadKubectl({"get", "secrets", "--raw=/x", "--raw", ""}),
            "list secrets ctx @dev");
  EXPECT_EQ(ReadKubectl({"get", "secrets", "--raw=/x"}), "raw /x @dev");
  EXPECT_EQ(ReadKubectl({"create", "--raw=/x", "-f", "y"}),
            "!local @dev; raw /x @dev");
}

TEST(KubectlRequests, OnlyAWatchThatIsOnWatches) {
  EXPECT_EQ(ReadKubectl({"get", "pods", "-w"}),
            "list pods ctx @dev; watch pods ctx @dev");
  EXPECT_EQ(ReadKubectl({"get", "pods", "-w=0"}), "list pods ctx @dev");
  EXPECT_EQ(ReadKubectl({"get", "pods", "--watch-only", "-w=0"}),
            "list pods ctx @dev; watch pods ctx @dev");
}

}  // namespace
}  // namespace gatehouse
