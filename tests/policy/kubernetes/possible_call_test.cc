// SPDX-License-Identifier: Apache-2.0
// A tool may be hidden only where no call of it could be let through. Held
// against every case of tests/cases under policies of all kinds; and what is
// hidden of the real servers' lists is written out.
#include "policy/kubernetes/possible_call.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "policy/document.h"
#include "policy/json_value.h"
#include "policy/kubernetes/classifier.h"
#include "tests/policy/kubernetes/cluster_fixture.h"
#include "tests/policy/policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Compile;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const char* const kPolicies[] = {
    "extends: [read-only]",
    "extends: [read-only]\nscope: {namespaces: [team-a]}",
    "extends: [read-only]\nscope: {namespaces: [team-a, \"\"]}",
    "rules: [{id: a, allow: any}]",
    "protect: []\nrules: [{id: a, allow: any, resources: [\"*\", secrets, "
    "pods/exec]}]",
    "rules: [{id: a, allow: any}, {id: d, deny: write}]",
    "rules: [{id: a, allow: any}, {id: d, deny: any, unless: {namespaces: "
    "[team-a, dev]}}]",
    "rules: [{id: a, allow: any, unless: {namespaces: kube-system}}]",
    "rules: [{id: a, allow: delete, names: web-0}]",
    "rules: [{id: a, ask: patch, namespaces: team-a}]",
    "rules: [{id: a, allow: exec}]",
    "rules: [{id: a, allow: [get, list], resources: pods}, {id: d, deny: "
    "list, namespaces: \"*\"}]",
    "rules: [{id: a, allow: config, tools: \"*_context\"}]",
    "rules: [{id: a, allow: [any, unclear], tools: \"*\"}]",
    "rules: [{id: a, allow: none}]",
    "rules: [{id: a, allow: discover}]",
    "rules: [{id: a, allow: read, resources: secrets, namespaces: team-a}]",
    "rules: [{id: a, allow: any}, {id: d, deny: any, resources: "
    "deployments}]",
    "rules: [{id: a, allow: any, mode: observe}]",
    "protect: []\nrules: [{id: a, allow: any, helm: true}]",
    "rules: [{id: a, allow: [read, write], helm: true, namespaces: team-a}]",
    "scope: {contexts: [prod]}\nrules: [{id: a, allow: any}]",
};

TEST(PossibleSteps, NoAllowedCallIsOneOfAHiddenTool) {
  int allowed = 0;
  for (const std::string& name : EmbeddedProfileNames()) {
    const Classifier classifier(EmbeddedProfile(name), testing::Tables());
    Issues issues;
    const std::vector<YamlNode> documents = ReadYaml(
        {name, ReadFile(GATEHOUSE_SOURCE_DIR "/tests/cases/" + name + ".yaml")},
        issues);
    ASSERT_FALSE(issues.HasErrors());
    for (const char* text : kPolicies) {
      const auto engine = Compile(text);
      for (const YamlNode& node : documents[0].Find("cases")->items) {
        const YamlNode* tool = node.Find("tool");
        if (tool == nullptr) continue;
        const YamlNode* given = node.Find("arguments");
        const JsonValue arguments =
            given == nullptr ? JsonValue() : ParseJson(given->scalar).value();
        const Decision decision = engine->Decide(
            classifier.Classify({tool->scalar, &arguments}, DevAndProd()),
            testing::Someone(), {});
        if (decision.effect == Effect::kDeny) continue;
        ++allowed;
        EXPECT_TRUE(engine->CouldAllow(classifier.Possible(tool->scalar),
                                       testing::Someone(), {}))
            << name << " " << tool->scalar << " "
            << (given == nullptr ? "" : given->scalar) << " under " << text;
      }
    }
  }
  EXPECT_GT(allowed, 300);
}

const std::map<std::string, std::string> kLists = {
    {"kubernetes-mcp-server", ".0.0.67.json"},
    {"mcp-server-kubernetes", ".default.json"}};

std::set<std::string> Hidden(const std::string& profile,
                             const std::string& policy) {
  const auto engine = Compile(policy);
  const Classifier classifier(EmbeddedProfile(profile), testing::Tables());
  const JsonValue listed =
      ParseJson(ReadFile(GATEHOUSE_SOURCE_DIR "/tests/golden/servers/" +
                         profile + kLists.at(profile)))
          .value();
  std::set<std::string> hidden;
  for (const JsonValue* tool : Elements(*Member(listed, "tools"))) {
    const std::string name(*StringMember(*tool, "name"));
    if (!engine->CouldAllow(classifier.Possible(name), testing::Someone(),
                            {})) {
      hidden.insert(name);
    }
  }
  return hidden;
}

using Names = std::set<std::string>;

// The list was recorded with all toolsets; those that are off by default are
// of no use to this test.
bool IsOfAnotherToolset(const std::string& tool) {
  const std::string set = tool.substr(0, tool.find('_'));
  return Names{"helm", "kcp", "kiali", "netobserv", "tekton", "vm"}.contains(
      set);
}

TEST(PossibleSteps, ReadOnlyHidesWhatOnlyChanges) {
  Names hidden = Hidden("kubernetes-mcp-server", "extends: [read-only]");
  std::erase_if(hidden, IsOfAnotherToolset);
  EXPECT_EQ(hidden, (Names{"configuration_view", "configuration_contexts_list",
                           "nodes_log", "nodes_stats_summary", "pods_delete",
                           "pods_exec", "pods_run",
                           "resources_create_or_update", "resources_delete"}));
  // Those with a dry run (apply, create, patch, node_management), with reads
  // among their commands (rollout) or a free command line (generic) stay.
  EXPECT_EQ(Hidden("mcp-server-kubernetes", "extends: [read-only]"),
            (Names{"exec_in_pod", "install_helm_chart", "kubectl_context",
                   "kubectl_delete", "kubectl_scale", "port_forward",
                   "uninstall_helm_chart", "upgrade_helm_chart"}));
}

TEST(PossibleSteps, AFenceHidesWhatReachesBeyondIt) {
  const Names hidden =
      Hidden("kubernetes-mcp-server",
             "extends: [read-only]\nscope: {namespaces: [dev]}");
  for (const char* tool : {"pods_list", "namespaces_list", "nodes_top"}) {
    EXPECT_TRUE(hidden.contains(tool)) << tool;
  }
  for (const char* tool : {"pods_list_in_namespace", "pods_get", "pods_log",
                           "resources_list", "events_list"}) {
    EXPECT_FALSE(hidden.contains(tool)) << tool;
  }
}

TEST(PossibleSteps, NothingIsHiddenWhereEverythingIsForwarded) {
  for (const char* profile :
       {"kubernetes-mcp-server", "mcp-server-kubernetes"}) {
    EXPECT_EQ(Hidden(profile, "mode: observe\nextends: [read-only]"), Names());
    EXPECT_EQ(Hidden(profile,
                     "rules: [{id: a, allow: [any, unclear], tools: \"*\"}]"),
              Names());
  }
}

TEST(PossibleSteps, WithoutAProfileEveryToolNeedsARuleThatNamesIt) {
  const Classifier classifier(nullptr, testing::Tables());
  const auto could = [&](const char* policy) {
    return Compile(policy)->CouldAllow(classifier.Possible("list_pods"),
                                       testing::Someone(), {});
  };
  EXPECT_FALSE(could("rules: [{id: a, allow: any}]"));
  EXPECT_TRUE(could("rules: [{id: a, allow: unclear, tools: \"list_*\"}]"));
  EXPECT_FALSE(could("rules: [{id: a, allow: unclear, tools: \"get_*\"}]"));
}

TEST(PossibleSteps, AStepThatIsNotUnderstoodMayBeAnything) {
  ToolSpec tool;
  tool.steps.emplace_back();
  const auto steps = PossibleSteps(tool, *testing::Tables());
  ASSERT_EQ(steps.size(), 1u);
  ASSERT_EQ(steps[0].parts.size(), 1u);
  EXPECT_EQ(steps[0].parts[0].alternatives[0].verb, Verb::kUnknown);
}

}  // namespace
}  // namespace gatehouse
