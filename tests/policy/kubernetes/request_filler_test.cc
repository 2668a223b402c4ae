// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/request_filler.h"

#include <gtest/gtest.h>

#include "tests/policy/kubernetes/kubectl_fixture.h"

namespace gatehouse {
namespace {

TEST(RequestFiller, FillsTypesNamesAndPlaces) {
  const KubectlRow rows[] = {
      // <FLAG>: what a flag's TYPE/NAME names.
      {{"create", "job", "x", "--from=cronjob/y"},
       "create batch/jobs ctx/x @dev; get batch/cronjobs ctx/y @dev"},
      // for TYPE: only with a target of it.
      {{"debug", "node/n", "--image=x"},
       "get nodes (cluster) n @dev; create pods ctx/? @dev; exec pods/attach "
       "ctx/? @dev"},
      {{"debug", "web", "--copy-to=z", "--image=x"},
       "get pods ctx/web @dev; create pods ctx/z @dev; exec pods/attach ctx/? "
       "@dev"},
      // A pod is looked for where another object is named.
      {{"logs", "deploy/web"},
       "get apps/deployments ctx/web @dev; list pods ctx @dev; watch pods ctx "
       "@dev; get pods ctx/? @dev; get pods/log ctx/? @dev"},
      // What belongs to an object of the cluster lies in no known namespace.
      {{"describe", "sc", "fast", "-n", "shop"},
       "get storage.k8s.io/storageclasses (cluster) fast @dev; get "
       "storage.k8s.io/storageclasses (cluster) ? @dev; list "
       "storage.k8s.io/storageclasses (cluster) @dev; list events * @dev"},
      {{"describe", "ns", "shop"},
       "get namespaces (cluster) shop @dev; get namespaces (cluster) ? @dev; "
       "list namespaces (cluster) @dev; list resourcequotas shop @dev; list "
       "limitranges shop @dev"},
      {{"autoscale", "deploy", "web", "--max=2"},
       "get apps/deployments ctx/web @dev; create "
       "autoscaling/horizontalpodautoscalers ctx/? @dev"},
      {{"get", "deploy", "web", "--subresource=status"},
       "get apps/deployments/status ctx/web @dev"},
      {{"delete", "pods", "--all"},
       "list pods ctx @dev; get pods ctx/? @dev; delete pods ctx/? @dev"},
  };
  for (const KubectlRow& row : rows) {
    EXPECT_EQ(ReadKubectl(row.argv), row.expected)
        << ::testing::PrintToString(row.argv);
  }
}

TEST(RequestFiller, AListOfNamespacesGivesARequestForEach) {
  const std::string read =
      ReadKubectl({"cluster-info", "dump", "--namespaces=a,b"});
  EXPECT_NE(read.find("list pods a @dev"), std::string::npos) << read;
  EXPECT_NE(read.find("list pods b @dev"), std::string::npos) << read;
  EXPECT_EQ(read.find("kube-system"), std::string::npos) << read;
  EXPECT_TRUE(ReadKubectl({"cluster-info", "dump", "--namespaces=a,B/"})
                  .starts_with("!"));
}

TEST(RequestFiller, AFlagThatNamesNoObjectIsUnclear) {
  for (const char* from : {"--from=nightly", "--from=a/b/c", "--from=a/.."}) {
    EXPECT_TRUE(ReadKubectl({"create", "job", "x", from}).starts_with("!"))
        << from;
  }
}

}  // namespace
}  // namespace gatehouse
