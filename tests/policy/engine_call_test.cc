// SPDX-License-Identifier: Apache-2.0
// What decides whole calls: many requests or none, what is unclear, contexts,
// subjects, modes; and that the explanation is of the same decision. The rows
// of single requests are in engine_test.cc.
#include <gtest/gtest.h>

#include "policy/engine.h"
#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Asked;
using testing::Brief;
using testing::Call;
using testing::Compile;
using testing::Decide;
using testing::UnclearCall;

TEST(EngineCall, StrictestRequestDecidesTheCall) {
  const auto engine =
      Compile("rules: [{id: a, allow: read}, {id: q, ask: patch}]");
  const Decision decision =
      Decide(*engine, Call({Asked("get pods dev/a"), Asked("patch pods dev/a"),
                            Asked("delete pods dev/a")}));
  EXPECT_EQ(Brief(decision), "deny (no-rule)");
  EXPECT_EQ(decision.request, 2u);
  EXPECT_EQ(Brief(Decide(*engine, Call({Asked("get pods dev/a"),
                                        Asked("patch pods dev/a")}))),
            "ask by q");
}

TEST(EngineCall, NoRequestAtAllIsUnclear) {
  const auto engine = Compile("protect: []\nrules: [{id: a, allow: any}]");
  EXPECT_EQ(Brief(Decide(*engine, Call(std::vector<Request>{}))),
            "deny (unclear)");
  EXPECT_EQ(Brief(Decide(*engine, Classification{})), "deny (unknown-tool)");
}

TEST(EngineCall, UnclearNeedsARuleThatNamesTheTool) {
  const auto engine =
      Compile("protect: []\nrules: [{id: t, allow: unclear, tools: sample}]");
  EXPECT_EQ(Brief(Decide(*engine, UnclearCall(true))), "allow by t");
  EXPECT_EQ(Brief(Decide(*engine, UnclearCall(false))), "allow by t")
      << "rules with tools match unknown tools too";
  const auto other =
      Compile("protect: []\nrules: [{id: t, allow: unclear, tools: other}]");
  EXPECT_EQ(Brief(Decide(*other, UnclearCall(true))), "deny (unclear)");
  EXPECT_EQ(Brief(Decide(*other, UnclearCall(false))), "deny (unknown-tool)");
  const auto fenced =
      Compile("rules: [{id: t, allow: unclear, tools: sample}]");
  EXPECT_EQ(Brief(Decide(*fenced, UnclearCall(true))), "deny (protected)")
      << "an unclear call may change what is protected";
}

TEST(EngineCall, AClaimOfUnclearNeverPasses) {
  const auto engine = Compile("rules: [{id: a, allow: read}]");
  Classification call = Call("get pods dev/web");
  call.unclear = Unclear{"something is odd", ""};
  EXPECT_EQ(Brief(Decide(*engine, call)), "deny (unclear)");
  call.unclear.reset();
  call.known_tool = false;
  EXPECT_EQ(Brief(Decide(*engine, call)), "deny (unknown-tool)");
}

TEST(EngineCall, OmittedContextsAreTheCurrentOne) {
  const auto engine = Compile("rules: [{id: a, allow: read}]");
  Classification call = Call("get pods dev/web");
  call.requests[0].context = "prod";
  EXPECT_EQ(Brief(Decide(*engine, call)), "deny (context)");
  call.requests[0].context.reset();
  EXPECT_FALSE(Decide(*engine, call).Passes());
}

TEST(EngineCall, UnknownSubjectsGetNoGrant) {
  const auto engine = Compile(
      "rules: [{id: a, allow: get, who: {users: '*'}}, {id: b, allow: list}, "
      "{id: d, deny: list, who: {groups: [temp]}}]");
  const Subject nobody;
  EXPECT_FALSE(engine->Decide(Call("get pods dev/x"), nobody, {}).Passes());
  EXPECT_FALSE(engine->Decide(Call("list pods dev"), nobody, {}).Passes());
}

TEST(EngineCall, ObservedRulesAreDecidedBesideAndNeverGrant) {
  const auto engine = Compile(
      "rules: [{id: a, allow: read}, {id: o, allow: delete, mode: observe}, "
      "{id: d, deny: list, mode: observe}]");
  const Decision grant = Decide(*engine, Call("delete pods dev/web"));
  EXPECT_EQ(Brief(grant), "deny (no-rule)");
  ASSERT_TRUE(grant.observed);
  EXPECT_EQ(*grant.observed, std::pair(Effect::kAllow, std::string("o")));
  const Decision held = Decide(*engine, Call("list pods dev"));
  EXPECT_EQ(Brief(held), "allow by a");
  ASSERT_TRUE(held.observed);
  EXPECT_EQ(*held.observed, std::pair(Effect::kDeny, std::string("d")));
  EXPECT_FALSE(Decide(*engine, Call("get pods dev/x")).observed);
}

TEST(EngineCall, ModeObserveDiffersInTheLastStepOnly) {
  const auto engine = Compile("mode: observe\nrules: [{id: a, allow: read}]");
  const Decision refused = Decide(*engine, Call("delete pods dev/web"));
  EXPECT_EQ(Brief(refused), "deny (no-rule)");
  EXPECT_FALSE(refused.enforced);
  EXPECT_TRUE(refused.Passes());
  EXPECT_TRUE(Decide(*engine, UnclearCall(false)).Passes());
  EXPECT_TRUE(Decide(*engine, Call("get pods dev/web")).enforced);
}

TEST(EngineCall, WithoutApprovalAskIsDeny) {
  const auto engine = Compile("rules: [{id: q, ask: read}]");
  const Decision decision =
      WithoutApproval(Decide(*engine, Call("get pods dev/web")));
  EXPECT_EQ(Brief(decision), "deny by q (approval-unavailable)");
  EXPECT_FALSE(decision.Passes());
}

TEST(EngineCall, ExplainTellsEachRuleAndDecidesTheSame) {
  const auto engine = Compile(
      "rules:\n- {id: a, allow: read, namespaces: prod}\n"
      "- {id: b, deny: get, names: db}\n- {id: c, allow: get}");
  const Classification call = Call("get pods dev/web");
  const Trace trace = engine->Explain(call, testing::Someone(), {});
  EXPECT_EQ(Brief(trace.decision), "allow by c");
  ASSERT_EQ(trace.requests.size(), 1u);
  std::vector<std::string> outcomes;
  for (const TraceStep& step : trace.requests[0].steps) {
    outcomes.push_back(step.rule.id + ":" + std::to_string(step.rule.line) +
                       " " + step.outcome);
  }
  EXPECT_EQ(outcomes,
            (std::vector<std::string>{"a:5 no: namespaces", "b:6 no: names",
                                      "c:7 matches"}));
}

}  // namespace
}  // namespace gatehouse
