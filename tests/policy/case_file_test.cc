// SPDX-License-Identifier: Apache-2.0
#include "policy/case_file.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse::testing {
namespace {

CaseFile Read(const std::string& text, Issues& issues) {
  return ReadCases({"team.cases.yaml", text}, *Tables(), issues);
}

CaseFile ReadGood(const std::string& text) {
  Issues issues;
  CaseFile file = Read(text, issues);
  EXPECT_FALSE(issues.HasErrors()) << Rendered(issues);
  return file;
}

TEST(CaseFile, ReadsACallAsTheClientWouldSendIt) {
  const CaseFile file = ReadGood(
      "policy: team.yaml\nserver: sample-server\ncases:\n"
      "- name: one\n"
      "  call:\n"
      "    tool: get\n"
      "    arguments: {a: [x, 1, 1.5, true, ~], b: \"1\", c: {d: null}}\n"
      "  expect: deny\n");
  ASSERT_EQ(file.cases.size(), 1u);
  EXPECT_EQ(file.policy, "team.yaml");
  const PolicyCase& asked = file.cases[0];
  EXPECT_EQ(asked.server, "sample-server");
  EXPECT_EQ(asked.tool, "get");
  EXPECT_EQ(asked.arguments,
            R"({"a":["x",1,1.5,true,null],"b":"1","c":{"d":null}})");
  EXPECT_EQ(asked.line, 4);
  EXPECT_EQ(asked.expect.decision, Effect::kDeny);
  EXPECT_EQ(asked.subject.user, "somebody");
  EXPECT_FALSE(asked.at.has_value());
}

TEST(CaseFile, ReadsRequestsAsWordsOfThePolicyLanguage) {
  const struct {
    std::string request;
    std::string_view described;
  } kRows[] = {
      {"{verb: patch, resource: deploy, namespace: dev, name: web}",
       "patch apps/deployments dev/web @kind"},
      {"{verb: get, resource: pods/log, name: web}",
       "get pods/log team/web @kind"},
      {"{verb: list, resource: pods, namespace: '*'}", "list pods * @kind"},
      {"{verb: list, resource: nodes}", "list nodes (cluster) @kind"},
      {"{verb: list, resource: widgets.example.com}",
       "list example.com/widgets team @kind"},
      {"{verb: list, resource: pods, context: prod}", "list pods team @prod"},
      {"{verb: create, resource: pods, podSecurity: baseline}",
       "create pods team @kind pods=baseline"},
      {"{verb: delete, resource: pods, name: a, dryRun: true}",
       "delete pods team/a @kind dry-run"},
      {"{verb: raw, path: /metrics}", "raw /metrics @kind"},
  };
  for (const auto& row : kRows) {
    const CaseFile file = ReadGood(
        "policy: p.yaml\ncontext: kind\nnamespace: team\ncases:\n"
        "- {name: a, expect: allow, request: " +
        row.request + "}\n");
    ASSERT_EQ(file.cases.size(), 1u);
    ASSERT_EQ(file.cases[0].requests.size(), 1u);
    EXPECT_EQ(Describe(file.cases[0].requests[0]), row.described);
  }
}

TEST(CaseFile, SetsTheSubjectAndTheClock) {
  const CaseFile file = ReadGood(
      "policy: p.yaml\nas: {user: ana, groups: [ops]}\n"
      "at: 2026-11-27T18:00:00Z\ncases:\n"
      "- {name: a, expect: allow, request: {verb: get, resource: pods}}\n"
      "- {name: b, expect: {observed: deny, rule: ''}, as: {user: ben},\n"
      "   at: '2026-11-28T18:00:00+02:00',\n"
      "   request: [{verb: get, resource: pods}, {verb: list, resource: "
      "po}]}\n");
  ASSERT_EQ(file.cases.size(), 2u);
  EXPECT_EQ(file.cases[0].subject.user, "ana");
  EXPECT_EQ(file.cases[0].subject.groups, std::vector<std::string>{"ops"});
  EXPECT_EQ(file.cases[1].subject.user, "ben");
  EXPECT_EQ(file.cases[1].requests.size(), 2u);
  EXPECT_EQ(file.cases[1].at, UtcTime(*ReadRfc3339("2026-11-28T16:00:00Z")));
  EXPECT_EQ(file.cases[1].expect.rule, "");
  EXPECT_EQ(file.cases[1].expect.observed, Effect::kDeny);
}

// What rules/README.md shows of the format.
TEST(CaseFile, ReadsItsOwnPage) {
  const std::string page =
      FileText(std::filesystem::path(GATEHOUSE_SOURCE_DIR) / "rules/README.md");
  const std::size_t start = page.find("policy: team.yaml ");
  ASSERT_NE(start, std::string::npos);
  const CaseFile file =
      ReadGood(page.substr(start, page.find("```", start) - start));
  ASSERT_EQ(file.cases.size(), 3u);
  EXPECT_EQ(file.settings, std::vector<std::string>{"scope.namespaces=team-a"});
  EXPECT_EQ(file.cases[2].requests.size(), 2u);
}

TEST(CaseFile, NamesEachFault) {
  const std::string kAsk = ", request: {verb: get, resource: pods}";
  const struct {
    std::string one_case;
    std::string_view message;
  } kRows[] = {
      {"{name: a, expect: allow}", "either a \"call\" or a \"request\""},
      {"{name: a" + kAsk + "}", "missing field \"expect\""},
      {"{name: a, expect: maybe" + kAsk + "}", "expected allow, ask or deny"},
      {"{name: a, expct: deny, expect: deny" + kAsk + "}",
       "did you mean \"expect\"?"},
      {"{name: a, expect: {code: nope}" + kAsk + "}", "unknown code \"nope\""},
      {"{name: a, expect: {}" + kAsk + "}", "expects nothing"},
      {"{name: a, expect: deny, at: noon" + kAsk + "}", "a time with its zone"},
      {"{name: a, expect: deny, call: {tool: x}}", "a call needs \"server\""},
      {"{name: a, expect: deny, server: s, call: {tool: x, arguments: [1]}}",
       "must be a map"},
      {"{name: a, expect: deny, server: s, call: {tool: x, arguments: {y: "
       "no}}}",
       "put it in quotation marks"},
      {"{name: a, expect: deny, request: {verb: read, resource: pods}}",
       "unknown verb \"read\""},
      {"{name: a, expect: deny, request: {verb: get, resource: podz}}",
       "unknown resource \"podz\""},
      {"{name: a, expect: deny, request: {verb: get, resource: pods, "
       "podSecurity: lax}}",
       "takes restricted, baseline or privileged"},
  };
  for (const auto& row : kRows) {
    Issues issues;
    Read("policy: p.yaml\ncases:\n- " + row.one_case + "\n", issues);
    EXPECT_TRUE(issues.HasErrors()) << row.one_case;
    EXPECT_NE(Rendered(issues).find(row.message), std::string::npos)
        << Rendered(issues);
    EXPECT_NE(Rendered(issues).find("team.cases.yaml:3:"), std::string::npos);
  }
}

TEST(CaseFile, RefusesTwoCasesOfOneNameAndNone) {
  Issues twice;
  const std::string kOne =
      "- {name: a, expect: deny, request: {verb: get, resource: pods}}\n";
  Read("policy: p.yaml\ncases:\n" + kOne + kOne, twice);
  EXPECT_NE(Rendered(twice).find("has the name \"a\" already"),
            std::string::npos);
  Issues none;
  Read("policy: p.yaml\ncases: []\n", none);
  EXPECT_TRUE(none.HasErrors());
  // Found by cases_fuzz: a name of nothing.
  Issues unnamed;
  Read("policy: >\ncases:\n" + kOne, unnamed);
  EXPECT_TRUE(unnamed.HasErrors());
  Issues not_yaml;
  Read("policy: [\n", not_yaml);
  EXPECT_TRUE(not_yaml.HasErrors());
}

}  // namespace
}  // namespace gatehouse::testing
