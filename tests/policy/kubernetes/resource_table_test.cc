// SPDX-License-Identifier: Apache-2.0
// The rows behind every resource word. A row lost or misread turns a word of a
// policy into another resource.
#include "policy/kubernetes/resource_table.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

std::string Codes(const Issues& issues) {
  std::string codes;
  for (const Issue& issue : issues.items()) codes += issue.code + " ";
  return codes;
}

std::string Joined(const CommaWords& words) {
  std::string text;
  for (const std::string_view word : words)
    text += (text.empty() ? "" : ",") + std::string(word);
  return text;
}

TEST(ResourceTable, GivesOneRowForEachVersion) {
  Issues issues;
  const auto rows = ReadResourceTable(
      {"t",
       "core: |\n"
       "  Pod pods v1 short:po sub:log,exec in:all\n"
       "  Node nodes v1 cluster\n"
       "apps: |\n"
       "  Deployment deployments v1,v1beta1 verbs:get,list singular:dep\n"},
      issues);
  EXPECT_EQ(Codes(issues), "");
  std::string shown;
  for (const ResourceType& row : rows) {
    shown += row.group + "/" + row.version + " " + row.kind + " " + row.plural +
             " " + row.singular + " [" + Joined(row.short_names) + "] [" +
             Joined(row.subresources) + "] [" + Joined(row.categories) + "] " +
             std::to_string(std::distance(row.verbs.begin(), row.verbs.end())) +
             (row.namespaced ? " in\n" : " cluster\n");
  }
  EXPECT_EQ(shown,
            "/v1 Pod pods pod [po] [log,exec] [all] 8 in\n"
            "/v1 Node nodes node [] [] [] 8 cluster\n"
            "apps/v1 Deployment deployments dep [] [] [] 2 in\n"
            "apps/v1beta1 Deployment deployments dep [] [] [] 2 in\n");
}

TEST(ResourceTable, RefusesLinesThatAreNoRows) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"core: Pod pods v1\n", ""},
      {"core: Pod pods\n", "P015 "},
      {"core: Pod pods v1 clusters\n", "P015 "},
      {"core: Pod pods v1 shrot:po\n", "P015 "},
      {"core: 'Pod pods v1 short:'\n", "P015 "},
      {"core: Pod pods v1 short:a,,b\n", "P015 "},
      {"core: Pod pods v1,\n", "P015 "},
      {"core: Pod pods v1 cluster:a\n", "P015 "},
      {"core: Pod pods v1  cluster\n", "P015 "},
      {"core: |\n  Pod\n  Node nodes v1\n  x\n", "P015 P015 "},
      {"- core\n", "P030 "},
      {"core: Pod pods v1\n---\napps: x\n", "P030 "},
  };
  for (const auto& [text, codes] : rows) {
    Issues issues;
    ReadResourceTable({"t", std::string(text)}, issues);
    EXPECT_EQ(Codes(issues), codes) << text;
  }
}

TEST(Sensitive, EntriesNameGroupResourceAndSubresource) {
  Issues issues;
  const auto entries = ReadSensitive(
      {"t",
       "any:\n  secrets: they are keys\n  pods/exec: it runs programs\n"
       "write:\n  roles.rbac.authorization.k8s.io: it gives rights\n"},
      issues);
  EXPECT_EQ(Codes(issues), "");
  std::string shown;
  for (const SensitiveEntry& entry : entries) {
    shown += entry.resource + "|" + entry.group + "|" + entry.subresource +
             (entry.writes_only ? "|write: " : "|any: ") + entry.why + "\n";
  }
  EXPECT_EQ(shown,
            "secrets|||any: they are keys\n"
            "pods||exec|any: it runs programs\n"
            "roles|rbac.authorization.k8s.io||write: it gives rights\n");
}

TEST(Sensitive, RefusesWhatIsNotTheTwoMaps) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"any: {secrets: x}\nwrite: {pods: y}\n", ""},
      {"any: {secrets: x}\n", "P013 "},
      {"write: {secrets: x}\n", "P013 "},
      {"any: {secrets: [x]}\nwrite: {}\n", "P014 "},
      {"any: {}\nwrite: {}\nwirte: {pods: y}\n", "P012 "},
      {"[]\n", "P030 "},
  };
  for (const auto& [text, codes] : rows) {
    Issues issues;
    ReadSensitive({"t", std::string(text)}, issues);
    EXPECT_EQ(Codes(issues), codes) << text;
  }
}

}  // namespace
}  // namespace gatehouse
