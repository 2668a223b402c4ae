// SPDX-License-Identifier: Apache-2.0
// The language of profiles: what is read, and that every fault is reported.
#include <gtest/gtest.h>

#include <tuple>

#include "policy/json_value.h"
#include "policy/kubernetes/argument_values.h"
#include "policy/kubernetes/argv_template.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

constexpr std::string_view kReadProfile = R"(server: s
tools:
  t:
    arguments: {a: text, b: truthy, c: boolean, n: number, l: texts, f: flags,
                m: content, when: text}
    ignore: [i]
    required: [a]
    kubectl:
    - get
    - "{a|lower}"
    - ["-n", "{when}"]
    - {if: b, then: [-A], else: ["-n={when=x}"]}
    - {if: {argument: a, is: [odd]}, then: [odd]}
    - {each: l}
    - {flags: f}
)";

ToolProfile Profile() {
  Issues issues;
  ToolProfile profile =
      ReadProfile({"p.yaml", std::string(kReadProfile)}, issues);
  for (const Issue& issue : issues.items()) ADD_FAILURE() << Render(issue);
  return profile;
}

std::string Argv(const std::string& json) {
  const ToolProfile profile = Profile();
  const JsonValue arguments = ParseJson(json).value();
  const ToolSpec& tool = *profile.Find("t");
  const ArgumentValues values(tool, &arguments);
  if (values.fault()) return "fault: " + values.fault()->argument;
  const BuiltArgv argv = BuildArgv(tool.steps[0].kubectl, values);
  std::string text;
  for (const std::string& word : argv.words) text += word + " ";
  return text;
}

TEST(ArgvTemplate, IsFilledWordForWord) {
  EXPECT_EQ(Argv(R"({"a":"PODS"})"), "get pods -n=x ");
  EXPECT_EQ(Argv(R"({"a":"odd","when":"w"})"), "get odd -n w -n=w odd ");
  EXPECT_EQ(Argv(R"({"a":"x","b":"false"})"), "get x -A ");
  EXPECT_EQ(Argv(R"({"a":"x","b":null,"l":["-A","y z"]})"),
            "get x -n=x -A y z ");
  EXPECT_EQ(Argv(R"({"a":"x","f":{"k":"v","on":true,"off":false,"n":3}})"),
            "get x -n=x --k=v --on --n=3 ");
}

TEST(ArgumentValues, WrongTypesAndUnknownArgumentsAreFaults) {
  const std::pair<std::string, std::string> rows[] = {
      {R"({})", "a"},
      {R"({"a":""})", "a"},
      {R"({"a":null})", "a"},
      {R"({"a":["x"]})", "a"},
      {R"({"a":7})", "a"},
      {R"({"a":"x\n"})", "a"},
      {R"({"a":"x\u0000"})", "a"},
      {R"({"a":"x","c":"true"})", "c"},
      {R"({"a":"x","n":"1"})", "n"},
      {R"({"a":"x","l":"y"})", "l"},
      {R"({"a":"x","l":[1]})", "l"},
      {R"({"a":"x","l":["\u0001manifest"]})", "l"},
      {R"({"a":"x","f":[]})", "f"},
      {R"({"a":"x","f":{"k":{}}})", "f"},
      {R"({"a":"x","f":{"":"v"}})", "f"},
      {R"({"a":"x","m":{}})", "m"},
      {R"({"a":"x","A":"y"})", "A"},
  };
  for (const auto& [json, argument] : rows) {
    EXPECT_EQ(Argv(json), "fault: " + argument) << json;
  }
  EXPECT_EQ(Argv(R"({"a":"x","i":[{}],"m":"l\nl"})"), "get x -n=x ");
}

TEST(ProfileReader, ReportsEveryFaultAtOnce) {
  Issues issues;
  ReadProfile({"p.yaml", R"(server: s
colour: red
tools:
  one:
    arguments: {a: colour}
    requests: [{verb: glance, resource: pods, name: nobody}]
  two: {ignore: [x]}
  three:
    kubectl: ["{missing}", "{open"]
)"},
              issues);
  EXPECT_EQ(issues.items().size(), 7u);
  EXPECT_TRUE(issues.HasErrors());
}

// "kubectl: ..." or the reason, for a line under one tool's description.
std::string ArgvOfLine(const ToolSpec& tool, const std::string& line) {
  const JsonValue arguments = ParseJson("{\"c\":\"" + line + "\"}").value();
  const ArgumentValues values(tool, &arguments);
  if (values.fault()) return values.fault()->reason;
  if (!values.Holds(*tool.steps[0].when)) return "no step";
  std::string text;
  for (const std::string& word :
       BuildArgv(tool.steps[0].kubectl, values).words) {
    text += word + " ";
  }
  return text;
}

TEST(ProfileReader, ReadsCommandLines) {
  Issues issues;
  const ToolProfile profile = ReadProfile({"p.yaml", R"(server: s
tools:
  shell:
    arguments: {c: blank_words}
    steps:
    - when: {argument: c, program: kubectl}
      kubectl: [{words: c, starts_with: kubectl}]
  generic:
    arguments: {c: quoted_words, x: text}
    steps:
    - when: c
      kubectl: [{words: c, may_start_with: kubectl}, [--context, "{x}"]]
)"},
                                          issues);
  for (const Issue& issue : issues.items()) ADD_FAILURE() << Render(issue);
  const ToolSpec& shell = *profile.Find("shell");
  EXPECT_EQ(ArgvOfLine(shell, "kubectl get 'a b'"), "get 'a b' ");
  EXPECT_EQ(ArgvOfLine(shell, "helm list"), "no step");
  EXPECT_EQ(ArgvOfLine(shell, " kubectl get"), "no step");
  const ToolSpec& generic = *profile.Find("generic");
  EXPECT_EQ(ArgvOfLine(generic, "kubectl get 'a b'"), "get a b ");
  EXPECT_EQ(ArgvOfLine(generic, "get x;"), "get x; ");
  EXPECT_EQ(ArgvOfLine(generic, "get x | sh"), "a pipe in a command line");
}

TEST(ProfileReader, WordsAreSplicedOfCommandLinesOnly) {
  Issues issues;
  ReadProfile({"p.yaml", R"(server: s
tools:
  t:
    arguments: {c: text, d: shell_words}
    kubectl: [{words: c}, {words: nobody}, {words: d, starts: kubectl}]
    steps: [{when: {argument: c, program: kubectl}, unclear: x}]
)"},
              issues);
  EXPECT_EQ(issues.items().size(), 5u);
}

TEST(ToolProfile, SaysWhoseVersionItsServerReports) {
  for (const auto& [word, sdk, faults] : {std::tuple{"sdk", true, 0u},
                                          {"server", false, 0u},
                                          {"SDK", false, 1u},
                                          {"{}", false, 1u}}) {
    Issues issues;
    const ToolProfile profile =
        ReadProfile({"p.yaml", "server: s\nversions: \">=1 <2\"\nreports: " +
                                   std::string(word) + "\ntools: {}\n"},
                    issues);
    EXPECT_EQ(profile.reports_sdk, sdk) << word;
    EXPECT_EQ(issues.items().size(), faults) << word;
    EXPECT_EQ(profile.FitOf("9"),
              sdk ? VersionFit::kUnknown : VersionFit::kOutside);
  }
  EXPECT_TRUE(EmbeddedProfileHead("eks-mcp-server").reports_sdk);
}

TEST(ToolProfile, EmbeddedOnesAreSoundAndNamedForTheirServer) {
  const std::vector<std::string> names = EmbeddedProfileNames();
  EXPECT_GE(names.size(), 3u);
  for (const std::string& name : names) {
    const auto profile = EmbeddedProfile(name);
    ASSERT_NE(profile, nullptr);
    EXPECT_EQ(profile->name, name);
    EXPECT_EQ(profile->Find("no such tool"), nullptr);
    const ToolProfile head = EmbeddedProfileHead(name);
    EXPECT_EQ(head.name, name);
    EXPECT_EQ(head.programs, profile->programs);
    EXPECT_TRUE(head.tools.empty());
  }
  EXPECT_EQ(EmbeddedProfile("nobody"), nullptr);
  EXPECT_EQ(EmbeddedProfile("../presets/read-only"), nullptr);
}

}  // namespace
}  // namespace gatehouse
