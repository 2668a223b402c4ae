// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/profile_draft.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"
#include "policy/kubernetes/classifier.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_coverage.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

DraftSource Source(std::string_view tools) {
  DraftSource source;
  source.server = "my-server";
  source.version = "1.2.3";
  source.identify_name = "my-server";
  const JsonValue list = ParseJson(tools).value();
  for (const JsonValue* tool : Elements(list)) source.tools.push_back(*tool);
  return source;
}

ToolProfile ReadDraft(const std::string& text) {
  Issues issues;
  ToolProfile profile = ReadProfile({"draft.yaml", text}, issues);
  for (const Issue& issue : issues.items()) ADD_FAILURE() << Render(issue);
  return profile;
}

constexpr std::string_view kTools = R"([
  {"name":"list_things","annotations":{"readOnlyHint":true},
   "description":"Only reads.","inputSchema":{"type":"object","properties":{
     "kind":{"type":"string"},"apiVersion":{"type":"string"},
     "namespace":{"type":"string"},"all":{"type":"boolean"},
     "limit":{"type":"integer"},"args":{"type":"array"},
     "flags":{"type":"object"},"manifest":{"type":"string"},
     "odd":{"anyOf":[]}},"required":["kind","gone"]}},
  {"name":"ping"}])";

TEST(ProfileDraft, HoldsNamesAndTypesAndNothingThatTheServerClaims) {
  const std::string text = DraftProfile(Source(kTools));
  EXPECT_EQ(text.find("readOnly"), std::string::npos);
  EXPECT_EQ(text.find("Only reads"), std::string::npos);
  const ToolProfile profile = ReadDraft(text);
  EXPECT_EQ(profile.name, "my-server");
  const ToolSpec* tool = profile.Find("list_things");
  ASSERT_NE(tool, nullptr);
  using Type = ArgumentType;
  const std::map<std::string, Type, std::less<>> expected = {
      {"kind", Type::kText},      {"apiVersion", Type::kText},
      {"namespace", Type::kText}, {"all", Type::kBoolean},
      {"limit", Type::kNumber},   {"args", Type::kTexts},
      {"flags", Type::kFlags},    {"manifest", Type::kContent},
      {"odd", Type::kText}};
  EXPECT_EQ(tool->arguments, expected);
  EXPECT_EQ(tool->required, std::vector<std::string>{"kind"});
}

TEST(ProfileDraft, LetsNothingThrough) {
  const auto profile = std::make_shared<const ToolProfile>(
      ReadDraft(DraftProfile(Source(kTools))));
  const Classifier classifier(profile, KubernetesTables::Embedded());
  for (const char* tool : {"list_things", "ping"}) {
    const JsonValue arguments = ParseJson(R"({"kind":"Pod"})").value();
    const Classification call = classifier.Classify({tool, &arguments}, {});
    EXPECT_TRUE(call.unclear.has_value()) << tool;
    for (const Request& request : call.requests) {
      EXPECT_EQ(request.verb, Verb::kUnclear) << tool;
    }
    EXPECT_EQ(CoverageOf(profile.get(), tool, {}).state, Coverage::kCovered);
  }
}

TEST(ProfileDraft, AFewLinesMakeAToolUsable) {
  std::string text = DraftProfile(Source(R"([{"name":"list_pods",
      "inputSchema":{"properties":{"namespace":{"type":"string"}}}}])"));
  const auto replace = [&text](std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from << " in\n" << text;
    text.replace(at, from.size(), to);
  };
  replace("    # requests: [{verb: VERB, resource: TYPE, ",
          "    requests: [{verb: list, resource: pods, ");
  replace("absent: ABSENT}", "absent: all}");
  replace("    unclear: drafted only, nobody has described it yet\n", "");
  const auto profile = std::make_shared<const ToolProfile>(ReadDraft(text));
  const Classifier classifier(profile, KubernetesTables::Embedded());
  const JsonValue arguments = ParseJson(R"({"namespace":"dev"})").value();
  const Classification call =
      classifier.Classify({"list_pods", &arguments}, {});
  EXPECT_FALSE(call.unclear.has_value());
  ASSERT_EQ(call.requests.size(), 1u);
  EXPECT_EQ(Describe(call.requests[0]), "list pods dev");
}

// Every name is a stranger's text.
TEST(ProfileDraft, IsAProfileWhateverTheServerLists) {
  const std::string text = DraftProfile(Source(R"([
    {"name":"on"},{"name":"1e3"},{"name":"-x"},{"name":"a: b"},{"name":"a"},
    {"name":"a"},{"name":"x\ntools:\n  y: {requests: [{verb: none}]}"},
    {"name":""},{"name":7},"x",null,
    {"name":"<<"},{"name":"b","inputSchema":[]},
    {"name":"c","inputSchema":{"properties":{"no":{},"*x":{"type":"string"},
      "q\"uote":{},"\u0430rg":{},"new\nline: text":{},"{":{},"#":{},"":{},
      "type":{"type":["string","null"]}},"required":["no",7,"no"]}},
    {"name":"d","inputSchema":{"properties":7,"required":{}}}])"));
  const ToolProfile profile = ReadDraft(text);
  for (const auto& [name, tool] : profile.tools) {
    ASSERT_EQ(tool.steps.size(), 1u) << name;
    EXPECT_FALSE(tool.steps[0].unclear.empty()) << name;
    EXPECT_TRUE(tool.steps[0].requests.empty()) << name;
  }
  EXPECT_NE(profile.Find("on"), nullptr);
  EXPECT_EQ(profile.Find("y"), nullptr);
  ASSERT_NE(profile.Find("c"), nullptr);
  EXPECT_TRUE(profile.Find("c")->arguments.contains("new\nline: text"));
  EXPECT_EQ(profile.Find("c")->required.front(), "no");
}

TEST(ProfileDraft, OfNoToolsIsAProfileToo) {
  EXPECT_TRUE(ReadDraft(DraftProfile(Source("[]"))).tools.empty());
}

TEST(ProfileDraft, NamesAreMadeFromPrograms) {
  EXPECT_EQ(ProfileNameFrom("@scope/My_Server.js"), "my-server");
  EXPECT_EQ(ProfileNameFrom("/usr/bin/k8s-mcp"), "k8s-mcp");
  EXPECT_EQ(ProfileNameFrom("--"), "my-server");
  EXPECT_EQ(ProfileNameFrom(""), "my-server");
}

TEST(ToolCoverage, TellsCoveredDriftedAndUnknownApart) {
  const auto profile = EmbeddedProfile("sample-server");
  const auto state = [&](const char* tool,
                         const std::vector<std::string>& arguments) {
    return CoverageName(CoverageOf(profile.get(), tool, arguments).state);
  };
  EXPECT_EQ(state("list_pods", {"namespace"}), "covered");
  EXPECT_EQ(state("list_pods", {"namespace", "kubeconfig"}), "drifted");
  EXPECT_EQ(state("LIST_PODS", {}), "unknown");
  EXPECT_EQ(CoverageOf(nullptr, "list_pods", {}).state, Coverage::kUnknown);
  EXPECT_EQ(CoverageOf(profile.get(), "list_pods", {"x"}).argument, "x");
}

}  // namespace
}  // namespace gatehouse
