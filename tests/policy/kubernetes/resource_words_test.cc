// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/resource_words.h"

#include <gtest/gtest.h>

#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/request_builder.h"

namespace gatehouse {
namespace {

std::string ReadWords(const std::vector<std::string>& words) {
  static const auto tables = KubernetesTables::Embedded();
  const Operands operands = ReadOperands(words, *tables);
  std::string text = operands.unclear ? "!" : "";
  for (const Operand& operand : operands.items) {
    if (text.size() > 1) text += ' ';
    text += operand.type == nullptr ? "?" + operand.group.value_or("?")
                                    : operand.type->plural;
    if (!operand.name.empty()) text += '/' + operand.name;
  }
  return text;
}

TEST(ResourceWords, AreReadAsKubectlReadsOperands) {
  const std::pair<std::vector<std::string>, std::string> rows[] = {
      {{}, ""},
      {{"pods"}, "pods"},
      {{"po", "a", "b"}, "pods/a pods/b"},
      {{"pods,secrets"}, "pods secrets"},
      {{"pods,secrets", "a"}, "pods/a secrets/a"},
      {{"pod/a", "secret/b"}, "pods/a secrets/b"},
      {{"SECRETS"}, "secrets"},
      {{"widgets.example.com"}, "?example.com"},
      {{"widgets"}, "??"},
  };
  for (const auto& [words, expected] : rows) {
    EXPECT_EQ(ReadWords(words), expected) << ::testing::PrintToString(words);
  }
  const std::vector<std::string> unclear[] = {
      {"pod/a", "b"},   {"pods", "a/b"}, {"pods", "-A"},  {"pods", "a,b"},
      {"pods", "a b"},  {"pods", ".."},  {"pods", "%2e"}, {"po ds"},
      {"pods,"},        {"/a"},          {"a/b/c"},       {"pods", ""},
      {"pods", "a\nb"}, {"p\303\266ds"},
  };
  for (const std::vector<std::string>& words : unclear) {
    EXPECT_TRUE(ReadWords(words).starts_with("!"))
        << ::testing::PrintToString(words);
  }
}

// Types times names: 37 KB of them would take all memory.
TEST(ResourceWords, AreNoMoreThanACallMayName) {
  static const auto tables = KubernetesTables::Embedded();
  EXPECT_EQ(ReadWords({"pods,po,pod,widgets,widgets", "a"}),
            "pods/a ?"
            "?/a");
  std::vector<std::string> words = {"pods"};
  for (std::size_t i = 0; i < kMaxObjects; ++i) {
    words.push_back("x" + std::to_string(i));
  }
  EXPECT_FALSE(ReadOperands(words, *tables).unclear);
  for (const std::string types : {"pods,deploy", "all,all,all"}) {
    words.front() = types;
    const Operands operands = ReadOperands(words, *tables);
    EXPECT_EQ(operands.items.size(), kMaxObjects);
    EXPECT_EQ(operands.unclear.value_or(Unclear{}).reason, TooManyObjects());
  }
}

TEST(ResourceWords, NamespacesAreLabels) {
  for (const std::string good : {"a", "team-a", "0", "kube-system"}) {
    EXPECT_TRUE(IsNamespaceName(good)) << good;
  }
  for (const std::string bad :
       {"", "-a", "a-", "A", "a.b", "a,b", "..", "*", "a b", "a/b"}) {
    EXPECT_FALSE(IsNamespaceName(bad)) << bad;
  }
  EXPECT_FALSE(IsNamespaceName(std::string(64, 'a')));
  EXPECT_TRUE(IsContextName("arn:aws:eks:us-east-1:1:cluster/prod"));
  EXPECT_FALSE(IsContextName("-A"));
}

TEST(RequestBuilder, DecidesScopeAndNormalForm) {
  const KubernetesTables tables;
  const ClusterView cluster{"dev", {{"dev", "", "", "", "ctx"}}};
  const Place here = CurrentPlace(cluster);
  const auto told = [&](Verb verb, std::string_view word, std::string sub,
                        const Place& place) {
    Operand operand;
    const auto types = tables.Find(word);
    if (!types.empty()) operand.type = types[0];
    return Describe(RequestFor(verb, operand, sub, "x", place));
  };
  EXPECT_EQ(told(Verb::kGet, "nodes", "", here), "get nodes (cluster) x @dev");
  EXPECT_EQ(told(Verb::kGet, "pods", "", here), "get pods ctx/x @dev");
  EXPECT_EQ(told(Verb::kCreate, "pods", "exec", here),
            "exec pods/exec ctx/x @dev");
  EXPECT_EQ(told(Verb::kGet, "pods", "attach", here),
            "exec pods/attach ctx/x @dev");
  EXPECT_EQ(told(Verb::kGet, "pods", "portforward", here),
            "forward pods/portforward ctx/x @dev");
  const Request unknown =
      RequestFor(Verb::kGet, Operand{}, "", "x", InNamespace(here, "dev"));
  EXPECT_FALSE(unknown.resource);
  EXPECT_FALSE(unknown.namespace_name);
  EXPECT_FALSE(PlaceInContext(cluster, "nope").namespace_name);
}

TEST(Fields, ReportWhatNobodyAskedFor) {
  const SourceText source{"f.yaml", "name: a\nnaem: b\nlist: [x, y]\n"};
  Issues issues;
  const std::vector<YamlNode> documents = ReadYaml(source, issues);
  Fields fields(documents[0], source, issues);
  EXPECT_EQ(fields.Text("name"), "a");
  EXPECT_EQ(fields.Words("list"), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(fields.Require("missing"), nullptr);
  fields.Finish();
  EXPECT_EQ(issues.items().size(), 2u);
}

}  // namespace
}  // namespace gatehouse
