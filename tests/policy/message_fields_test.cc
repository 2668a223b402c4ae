// SPDX-License-Identifier: Apache-2.0
// Which messages a rule is about: tool calls, MCP's other methods, or both.
// The other fields stand in engine_test.cc.
#include <gtest/gtest.h>

#include <ostream>

#include "policy/field_match.h"
#include "tests/policy/policy_fixture.h"

namespace gatehouse {
namespace {

Classification ToolCalled(std::string tool) {
  Classification call = testing::UnclearCall(true);
  call.tool = std::move(tool);
  return call;
}
Classification Other(Asked asked, std::string method, std::string target) {
  Classification call = ToolCalled("");
  call.asked = asked;
  call.method = std::move(method);
  call.target = std::move(target);
  return call;
}
Classification Read(std::string uri) {
  return Other(Asked::kResource, "resources/read", std::move(uri));
}
Classification Prompt(std::string name) {
  return Other(Asked::kPrompt, "prompts/get", std::move(name));
}

struct MessageFieldsRow {
  const char* fields;  // of a rule that allows unclear
  bool tool;           // a call of pods_list
  bool resource;       // resources/read of k8s://dev/pods
  bool prompt;         // prompts/get of health
};
void PrintTo(const MessageFieldsRow& row, std::ostream* out) {
  *out << row.fields;
}

class MessageRows : public ::testing::TestWithParam<MessageFieldsRow> {};

TEST_P(MessageRows, SayWhichMessagesARuleIsAbout) {
  const MessageFieldsRow& row = GetParam();
  const auto engine =
      testing::Compile("protect: []\nrules: [{id: a, allow: unclear, " +
                       std::string(row.fields) + "}]");
  const auto allows = [&](const Classification& call) {
    return testing::Decide(*engine, call).effect == Effect::kAllow;
  };
  EXPECT_EQ(allows(ToolCalled("pods_list")), row.tool)
      << testing::Decide(*engine, ToolCalled("pods_list")).sentence;
  EXPECT_EQ(allows(Read("k8s://dev/pods")), row.resource);
  EXPECT_EQ(allows(Prompt("health")), row.prompt);
}

INSTANTIATE_TEST_SUITE_P(
    Table, MessageRows,
    ::testing::Values(
        MessageFieldsRow{"tools: '*'", true, false, false},
        MessageFieldsRow{"methods: '*'", false, true, true},
        MessageFieldsRow{"tools: '*', methods: '*'", true, true, true},
        MessageFieldsRow{"tools: 'x', methods: '*'", false, true, true},
        MessageFieldsRow{"methods: 'resources/*'", false, true, false},
        MessageFieldsRow{"methods: 'tools/call'", false, false, false},
        MessageFieldsRow{"uris: 'k8s://dev/*'", false, true, false},
        MessageFieldsRow{"uris: 'k8s://prod/*'", false, false, false},
        MessageFieldsRow{"prompts: health", false, false, true},
        MessageFieldsRow{"prompts: 'k8s://dev/*'", false, false, false},
        MessageFieldsRow{"methods: 'prompts/get', uris: '*'", false, false,
                         false},
        MessageFieldsRow{"methods: 'prompts/get', prompts: '*'", false, false,
                         true},
        MessageFieldsRow{"methods: '*', unless: {uris: 'k8s://dev/*'}", false,
                         false, true},
        MessageFieldsRow{"methods: '*', tools: '*', unless: {methods: '*'}",
                         true, false, false},
        MessageFieldsRow{"methods: '*', tools: '*', unless: {tools: '*'}",
                         false, true, true}));

TEST(MessageFields, AnUnderstoodResourceIsUnderOrdinaryRulesToo) {
  const auto engine = testing::Compile(
      "rules: [{id: a, allow: read}, {id: d, deny: any, uris: '*/secrets'}]");
  Classification call = testing::Call("list pods dev");
  call.asked = Asked::kResource;
  call.method = "resources/read";
  call.target = "k8s://dev/pods";
  EXPECT_EQ(testing::Brief(testing::Decide(*engine, call)), "allow by a");
  call.target = "k8s://dev/secrets";
  EXPECT_EQ(testing::Brief(testing::Decide(*engine, call)),
            "deny by d (denied-by-rule)");
}

TEST(MessageFields, ProtectKeepsFromChangesNotFromPromptsAndResources) {
  const auto engine = testing::Compile(
      "rules: [{id: a, allow: unclear, tools: '*', methods: '*'}]");
  EXPECT_EQ(testing::Brief(testing::Decide(*engine, Prompt("health"))),
            "allow by a");
  EXPECT_EQ(testing::Brief(testing::Decide(*engine, ToolCalled("x"))),
            "deny (protected)");
  const auto fenced = testing::Compile(
      "scope: {namespaces: dev}\n"
      "rules: [{id: a, allow: unclear, tools: '*', methods: '*'}]");
  EXPECT_EQ(testing::Brief(testing::Decide(*fenced, Prompt("health"))),
            "deny (outside-scope)");
}

TEST(MessageFields, ARefusalNamesTheMethodAndTheTarget) {
  const auto engine = testing::Compile("extends: [read-only]");
  const Decision decision = testing::Decide(*engine, Read("k8s://x/y"));
  EXPECT_EQ(decision.code, Code::kUnclear);
  EXPECT_EQ(decision.sentence,
            "resources/read of the resource \"k8s://x/y\" is not allowed: what "
            "it would do is not fully known (argument \"args\"): it is not "
            "known.");
}

TEST(Pin, IsStrictWhereAnyFileSaysSo) {
  EXPECT_EQ(testing::Compile("extends: [read-only]")->pin(), Pin::kRecord);
  EXPECT_EQ(testing::Compile("pin: record\nextends: [read-only]")->pin(),
            Pin::kRecord);
  EXPECT_EQ(testing::Compile("pin: strict\nextends: [read-only]")->pin(),
            Pin::kStrict);
}

}  // namespace
}  // namespace gatehouse
