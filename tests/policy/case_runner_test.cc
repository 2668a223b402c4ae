// SPDX-License-Identifier: Apache-2.0
// Cases held against a policy, the rules that none of them covers, and the
// mutants that none of them notices.
#include "policy/case_runner.h"

#include <gtest/gtest.h>

#include "policy/mutant.h"
#include "policy_fixture.h"

namespace gatehouse::testing {
namespace {

constexpr std::string_view kPolicy =
    "rules:\n"
    "- {id: look, allow: read, namespaces: [team-*]}\n"
    "- {id: shut, deny: any, resources: secrets}\n"
    "- {id: watched, deny: get, resources: configmaps, mode: observe}\n";

CaseFile Cases(const std::string& cases) {
  Issues issues;
  CaseFile file =
      ReadCases({"c.yaml", "policy: p.yaml\ncontext: dev\ncases:\n" + cases},
                *Tables(), issues);
  EXPECT_FALSE(issues.HasErrors()) << Rendered(issues);
  return file;
}

CaseJudge By(const std::shared_ptr<const Engine>& engine) {
  return [engine](const PolicyCase& asked) -> Result<Trace> {
    if (asked.name == "no profile") {
      return Error{ErrorCode::kNotFound, "there is no profile"};
    }
    return engine->Explain(Call(asked.requests), asked.subject, {});
  };
}

const std::string kLook =
    "- {name: look, expect: {decision: allow, rule: look}, request: {verb: "
    "get, resource: pods, namespace: team-a, name: web}}\n";
const std::string kElsewhere =
    "- {name: elsewhere, expect: deny, request: {verb: get, resource: pods, "
    "namespace: other, name: web}}\n";
const std::string kSecret =
    "- {name: secret, expect: {decision: deny, code: denied-by-rule}, request: "
    "{verb: get, resource: secrets, namespace: team-a, name: db}}\n";
const std::string kWatched =
    "- {name: watched, expect: {decision: allow, observed: deny}, request: "
    "{verb: get, resource: cm, namespace: team-a, name: c}}\n";

TEST(CaseRunner, ExpectsWhatIsRevealed) {
  const auto engine = testing::Compile(
      "rules: [{id: r, allow: get, resources: secrets, names: db, "
      "reveal: true}, {id: s, allow: get, resources: secrets}]");
  const CaseFile file = Cases(
      "- {name: db, expect: {reveals: true}, request: {verb: get, resource: "
      "secrets, namespace: dev, name: db}}\n"
      "- {name: tls, expect: {reveals: true}, request: {verb: get, resource: "
      "secrets, namespace: dev, name: tls}}\n");
  const auto results = RunCases(file, By(engine));
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].wanted, "");
  EXPECT_EQ(results[1].wanted, "any [reveals]");
  EXPECT_EQ(results[1].got, "allow [rule s] [code allowed]");
}

TEST(CaseRunner, SaysWhatWasWantedAndWhatCame) {
  const CaseFile file = Cases(
      kLook +
      "- {name: wrong effect, expect: ask, request: {verb: get, resource: "
      "pods, namespace: team-a, name: web}}\n"
      "- {name: wrong rule, expect: {decision: allow, rule: other}, request: "
      "{verb: get, resource: pods, namespace: team-a, name: web}}\n"
      "- {name: wrong code, expect: {code: protected}, request: {verb: get, "
      "resource: pods, namespace: x, name: web}}\n"
      "- {name: no rule, expect: {rule: ''}, request: {verb: get, resource: "
      "pods, namespace: team-a, name: web}}\n"
      "- {name: no profile, expect: deny, request: {verb: get, resource: "
      "pods}}\n");
  const auto results = RunCases(file, By(Compile(kPolicy)));
  ASSERT_EQ(results.size(), 6u);
  EXPECT_TRUE(results[0].passed()) << results[0].got;
  EXPECT_EQ(results[1].wanted, "ask");
  EXPECT_EQ(results[1].got, "allow [rule look] [code allowed]");
  EXPECT_EQ(results[2].wanted, "allow [rule other]");
  EXPECT_EQ(results[3].wanted, "any [code protected]");
  EXPECT_EQ(results[3].got, "deny [code no-rule]");
  EXPECT_EQ(results[4].wanted, "any by no rule");
  EXPECT_EQ(results[5].error, "there is no profile");
  EXPECT_FALSE(AllPass(file, By(Compile(kPolicy))));
}

TEST(CaseRunner, NamesRulesThatDecideNothing) {
  const auto engine = Compile(kPolicy);
  const auto uncovered = [&](const std::string& cases) {
    const CaseFile file = Cases(cases);
    std::string ids;
    for (const RuleSource& rule :
         UncoveredRules(engine->rules(), RunCases(file, By(engine)))) {
      ids += rule.id + " ";
    }
    return ids;
  };
  EXPECT_EQ(uncovered(kLook), "shut watched ");
  EXPECT_EQ(uncovered(kSecret), "look watched ");
  EXPECT_EQ(uncovered(kLook + kSecret + kWatched), "");
}

// What no case notices, "RULE: CHANGE".
std::vector<std::string> Unnoticed(const std::string& cases) {
  const CaseFile file = Cases(cases);
  Issues issues;
  const std::vector<RuleFile> files = {
      ReadRules({"p.yaml", PolicyText(kPolicy)}, issues)};
  std::vector<std::string> unnoticed;
  ForEachMutant(files, [&](const Mutant& mutant) {
    Issues faults;
    const auto engine = CompileRules(mutant.files, Tables(), InDev(), faults);
    ASSERT_NE(engine, nullptr) << Rendered(faults);
    if (AllPass(file, By(engine))) {
      unnoticed.push_back(mutant.rule.id + ": " + mutant.change);
    }
  });
  return unnoticed;
}

using Texts = std::vector<std::string>;

TEST(Mutant, IsReportedWhereNoCaseNoticesIt) {
  EXPECT_EQ(Unnoticed(kLook),
            (Texts{"look: without namespaces", "shut: deny made allow",
                   "watched: deny made allow", "watched: without resources",
                   "watched: observed made enforced"}));
  EXPECT_EQ(Unnoticed(kLook + kElsewhere + kSecret + kWatched),
            (Texts{"watched: without resources"}));
}

TEST(Mutant, ChangesOneThingAtATimeAndNamesItsPlace) {
  Issues issues;
  const std::vector<RuleFile> files = {ReadRules(
      {"p.yaml",
       PolicyText("rules:\n- id: a\n  ask: read\n  namespaces: x\n  names: y\n"
                  "  tools: t\n  servers: s\n  contexts: c\n  until: "
                  "2027-01-01T00:00:00Z\n  unless: {names: z}\n"
                  "  who: {users: u}\n")},
      issues)};
  ASSERT_FALSE(issues.HasErrors()) << Rendered(issues);
  Texts changes;
  ForEachMutant(files, [&](const Mutant& mutant) {
    changes.push_back(mutant.change);
    EXPECT_EQ(mutant.rule.id, "a");
    EXPECT_EQ(mutant.rule.file, "p.yaml");
    EXPECT_EQ(mutant.rule.line, 5);
    const Rule& rule = mutant.files[0].rules[0];
    const int gone = !rule.match.namespaces + !rule.match.names +
                     !rule.match.tools + !rule.match.servers +
                     !rule.match.contexts + !rule.match.who + !rule.unless +
                     !rule.until + (rule.effect != Effect::kAsk);
    EXPECT_EQ(gone, 1) << mutant.change;
  });
  EXPECT_EQ(changes,
            (Texts{"ask made allow", "without namespaces", "without names",
                   "without contexts", "without servers", "without tools",
                   "without who", "without unless", "without until"}));
}

}  // namespace
}  // namespace gatehouse::testing
