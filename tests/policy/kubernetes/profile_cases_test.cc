// SPDX-License-Identifier: Apache-2.0
// The cases of tests/cases/*.yaml.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "policy/document.h"
#include "policy/json_value.h"
#include "policy/kubernetes/classifier.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_profile.h"
#include "tests/policy/kubernetes/cluster_fixture.h"

namespace gatehouse {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> Described(const Classification& made) {
  std::vector<std::string> lines;
  for (const Request& request : made.requests) {
    lines.push_back(Describe(request));
  }
  return lines;
}

// A case names a tool, a prompt, a resource's URI or what is completed.
Classification Classified(const YamlNode& node, const Classifier& classifier) {
  JsonValue arguments;
  if (const YamlNode* text = node.Find("arguments")) {
    const Result<JsonValue> json = ParseJson(text->scalar);
    EXPECT_TRUE(json.ok()) << text->scalar;
    if (json.ok()) arguments = json.value();
  }
  if (const YamlNode* uri = node.Find("resource")) {
    return classifier.ClassifyResource(uri->scalar, DevAndProd());
  }
  if (const YamlNode* prompt = node.Find("prompt")) {
    return classifier.ClassifyPrompt({prompt->scalar, &arguments},
                                     DevAndProd());
  }
  if (const YamlNode* reference = node.Find("completion")) {
    return classifier.ClassifyCompletion(reference->scalar, DevAndProd());
  }
  return classifier.Classify({node.Find("tool")->scalar, &arguments},
                             DevAndProd());
}

void RunCase(const YamlNode& node, const Classifier& classifier,
             const std::string& file) {
  const YamlNode* arguments = node.Find("arguments");
  SCOPED_TRACE(file + ":" + std::to_string(node.position.line) + " " +
               node.members.front().value.scalar + " " +
               (arguments == nullptr ? "" : arguments->scalar));
  const Classification made = Classified(node, classifier);
  // A case that only says `unclear` leaves open what is known beside it.
  if (const YamlNode* requests = node.Find("requests")) {
    std::vector<std::string> expected;
    for (const YamlNode& line : requests->items) {
      expected.push_back(line.scalar);
    }
    EXPECT_EQ(Described(made), expected);
  } else {
    EXPECT_NE(node.Find("unclear"), nullptr) << "a case that says nothing";
  }
  EXPECT_EQ(made.unclear.has_value(), node.Find("unclear") != nullptr);
}

TEST(ProfileCases, ComeToTheirRequests) {
  const auto tables = KubernetesTables::Embedded();
  for (const std::string& name : EmbeddedProfileNames()) {
    const std::filesystem::path path =
        GATEHOUSE_SOURCE_DIR "/tests/cases/" + name + ".yaml";
    ASSERT_TRUE(std::filesystem::exists(path)) << path;
    Issues issues;
    const std::vector<YamlNode> documents =
        ReadYaml({path.filename(), ReadFile(path)}, issues);
    ASSERT_FALSE(issues.HasErrors()) << Render(issues.items().front());
    const Classifier classifier(EmbeddedProfile(name), tables);
    for (const YamlNode& node : documents[0].Find("cases")->items) {
      RunCase(node, classifier, name + ".yaml");
    }
  }
}

TEST(Classifier, WithoutAProfileEveryToolIsUnknown) {
  const Classifier classifier(nullptr, KubernetesTables::Embedded());
  const Classification made =
      classifier.Classify({"list_pods", nullptr}, DevAndProd());
  EXPECT_FALSE(made.known_tool);
  ASSERT_EQ(made.requests.size(), 1u);
  EXPECT_EQ(made.requests[0].verb, Verb::kUnclear);
  EXPECT_EQ(classifier.server(), "");
}

TEST(Classifier, ArgumentsThatAreNoObjectAreUnclear) {
  const Classifier classifier(EmbeddedProfile("sample-server"),
                              KubernetesTables::Embedded());
  for (const std::string text : {"[]", "\"x\"", "7", "true"}) {
    const JsonValue value = ParseJson(text).value();
    EXPECT_TRUE(classifier.Classify({"echo", &value}, DevAndProd()).unclear)
        << text;
  }
  EXPECT_FALSE(classifier.Classify({"echo", nullptr}, DevAndProd()).unclear);
}

}  // namespace
}  // namespace gatehouse
