// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/tables.h"

#include <gtest/gtest.h>

#include "policy/kubernetes/resource_table.h"

namespace gatehouse {
namespace {

std::string Found(const KubernetesTables& tables, std::string_view word) {
  std::string text;
  for (const ResourceType* type : tables.Find(word)) {
    if (!text.empty()) text += ' ';
    text += type->plural + '.' + type->version + '.' + type->group;
  }
  return text;
}

TEST(Tables, FindWordsAsKubectlSpellsThem) {
  const KubernetesTables tables;
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"pods", "pods.v1. pods.v1beta1.metrics.k8s.io"},
      {"po", "pods.v1."},
      {"SECRETS", "secrets.v1."},
      {"Secret", "secrets.v1."},
      {"secrets.v1.", "secrets.v1."},
      {"deploy", "deployments.v1.apps"},
      {"deployments.apps", "deployments.v1.apps"},
      {"deployments.v1.apps", "deployments.v1.apps"},
      {"deployments.v1beta1.extensions", "deployments.v1beta1.extensions"},
      {"replicasets.v1beta1.", ""},
      {"netpol.v1beta1.", ""},
      {"deployments.v1beta1.", "deployments.v1beta1.apps"},
      {"roles.rbac", "roles.v1.rbac.authorization.k8s.io"},
      {"ClusterRole", "clusterroles.v1.rbac.authorization.k8s.io"},
      {"events", "events.v1. events.v1.events.k8s.io"},
      {"podmetrics", "pods.v1beta1.metrics.k8s.io"},
      {"secrets.v1", ""},
      {"all", ""},
      {"pods/log", ""},
      {"", ""},
      {".", ""},
      {"..", ""},
  };
  for (const auto& [word, expected] : rows) {
    EXPECT_EQ(Found(tables, word), expected) << word;
  }
}

TEST(Tables, KnowScopeKindsAndCategories) {
  const KubernetesTables tables;
  EXPECT_FALSE(tables.FindKind("v1", "Namespace")->namespaced);
  EXPECT_TRUE(tables.FindKind("apps/v1", "Deployment")->namespaced);
  EXPECT_EQ(tables.FindKind("apps/v1", "deployment"), nullptr);
  EXPECT_EQ(tables.FindKind("v1", "Deployment"), nullptr);
  EXPECT_EQ(tables.Category("all").size(), 10u);
  EXPECT_TRUE(tables.Category("none").empty());
}

TEST(Tables, NameWhatIsSensitive) {
  const KubernetesTables tables;
  const SensitiveEntry* secrets = tables.FindSensitive("", "secrets", "");
  ASSERT_NE(secrets, nullptr);
  EXPECT_FALSE(secrets->writes_only);
  const std::string rbac = "rbac.authorization.k8s.io";
  EXPECT_TRUE(tables.FindSensitive(rbac, "roles", "")->writes_only);
  EXPECT_NE(tables.FindSensitive("", "pods", "exec"), nullptr);
  EXPECT_EQ(tables.FindSensitive("", "pods", "log"), nullptr);
  EXPECT_EQ(tables.FindSensitive("example.com", "secrets", ""), nullptr);
}

TEST(Tables, EverySensitiveTypeIsInTheTable) {
  const KubernetesTables tables;
  for (const SensitiveEntry& entry : tables.sensitive()) {
    EXPECT_FALSE(tables.Find(entry.resource + "." + entry.group).empty())
        << entry.resource;
    EXPECT_FALSE(entry.why.empty());
  }
}

TEST(ResourceTable, FaultyLinesAreIssues) {
  Issues issues;
  const auto rows = ReadResourceTable(
      {"r.yaml", "core: |\n  Pod pods v1 short:po\n  Odd\n  Bad bads v1 x:y\n"},
      issues);
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_EQ(issues.items().size(), 2u);
}

}  // namespace
}  // namespace gatehouse
