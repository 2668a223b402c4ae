// SPDX-License-Identifier: Apache-2.0
// Each row names a sentence of the policy language ("A rule", "Verbs and
// groups", "Sensitive resources must be named", "Deciding") and shows it.
#include "policy/engine.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Asked;
using testing::Brief;
using testing::Call;
using testing::Compile;
using testing::Decide;
using testing::UnclearCall;

struct Row {
  std::string_view sentence;
  std::string_view policy;
  std::string_view request;
  std::string_view expected;
};

constexpr std::string_view kAllowAll =
    "protect: []\nrules: [{id: all, allow: any}]";

const Row kRows[] = {
    // A rule.
    {"omitted resources: all ordinary resources and subresources",
     "rules: [{id: r, allow: read}]", "get pods/log dev/web", "allow by r"},
    {"`pods` does not include subresources",
     "rules: [{id: r, allow: read, resources: pods}]", "get pods/log dev/web",
     "deny (no-rule)"},
    {"pods/* is the subresources",
     "rules: [{id: r, allow: read, resources: pods/*}]", "get pods/log dev/web",
     "allow by r"},
    {"pods/* is not the pod",
     "rules: [{id: r, allow: read, resources: pods/*}]", "get pods dev/web",
     "deny (no-rule)"},
    {"aliases and kinds are resolved",
     "rules: [{id: r, allow: read, resources: [po, Deployment]}]",
     "get deployments.apps dev/web", "allow by r"},
    {"an alias means its own group only",
     "rules: [{id: r, allow: read, resources: [deploy]}]",
     "get deployments.example.com dev/web", "deny (no-rule)"},
    {"a custom resource by TYPE.GROUP",
     "rules: [{id: r, allow: read, resources: certificates.cert-manager.io}]",
     "get certificates.cert-manager.io dev/web", "allow by r"},
    {"namespaces: names or globs",
     "rules: [{id: r, allow: read, namespaces: 'team-*'}]",
     "get pods team-a/web", "allow by r"},
    {"namespaces: no other",
     "rules: [{id: r, allow: read, namespaces: 'team-*'}]", "get pods dev/web",
     "deny (no-rule)"},
    {"\"\" is cluster scope", "rules: [{id: r, allow: read, namespaces: ['']}]",
     "get nodes -/n1", "allow by r"},
    {"* is every namespace, not cluster scope",
     "rules: [{id: r, allow: read, namespaces: '*'}]", "get nodes -/n1",
     "deny (no-rule)"},
    {"* is also a request over all namespaces",
     "rules: [{id: r, allow: read, namespaces: '*'}]", "list pods *",
     "allow by r"},
    {"omitted namespaces: cluster scope too", "rules: [{id: r, allow: read}]",
     "get nodes -/n1", "allow by r"},
    {"an allow with names never matches without a name",
     "rules: [{id: r, allow: read, names: '*'}]", "list pods dev",
     "deny (no-rule)"},
    {"an allow with names matches the name",
     "rules: [{id: r, allow: read, names: 'web-?'}]", "get pods dev/web-1",
     "allow by r"},
    {"a deny with names also fires without one",
     "rules: [{id: r, allow: read}, {id: d, deny: any, names: db}]",
     "list pods dev", "deny by d (denied-by-rule)"},
    {"an ask with names also fires without one",
     "rules: [{id: r, allow: read}, {id: a, ask: read, names: db}]",
     "list pods dev", "ask by a"},
    {"contexts", "rules: [{id: r, allow: read, contexts: prod}]",
     "get pods dev/web", "deny (no-rule)"},
    {"servers", "rules: [{id: r, allow: read, servers: sample-*}]",
     "get pods dev/web", "allow by r"},
    {"tools", "rules: [{id: r, allow: read, tools: other}]", "get pods dev/web",
     "deny (no-rule)"},
    {"who: users", "rules: [{id: r, allow: read, who: {users: ana}}]",
     "get pods dev/web", "allow by r"},
    {"who: groups", "rules: [{id: r, allow: read, who: {groups: [ops]}}]",
     "get pods dev/web", "allow by r"},
    {"who: every list given must match",
     "rules: [{id: r, allow: read, who: {groups: ops, clients: cursor}}]",
     "get pods dev/web", "deny (no-rule)"},
    {"unless: where it matches, the rule does not apply",
     "rules: [{id: r, allow: read, unless: {namespaces: dev}}]",
     "get pods dev/web", "deny (no-rule)"},
    {"unless: elsewhere it does",
     "rules: [{id: r, allow: read, unless: {namespaces: dev}}]",
     "get pods prod/web", "allow by r"},
    {"an expression matches the whole value",
     "rules: [{id: r, allow: read, namespaces: '/de/'}]", "get pods dev/web",
     "deny (no-rule)"},
    {"an omitted field is true also of an unknown value",
     "rules: [{id: r, allow: read, resources: pods}]", "get pods ?/web",
     "allow by r"},
    // Verbs and groups.
    {"read contains discover", "rules: [{id: r, allow: read}]", "discover  -",
     "allow by r"},
    {"read contains none", "rules: [{id: r, allow: read}]", "none  -",
     "allow by r"},
    {"write contains patch", "rules: [{id: r, allow: write}]",
     "patch deployments.apps dev/web", "allow by r"},
    {"write is no reading", "rules: [{id: r, allow: write}]",
     "get pods dev/web", "deny (no-rule)"},
    {"delete covers deletecollection", "rules: [{id: r, allow: delete}]",
     "deletecollection pods dev", "allow by r"},
    {"no group but any contains raw", "rules: [{id: r, allow: [read, write]}]",
     "raw  -", "deny (no-rule)"},
    {"no group but any contains config",
     "rules: [{id: r, allow: [read, write]}]", "config  -", "deny (no-rule)"},
    {"no group but any contains local",
     "rules: [{id: r, allow: [read, write]}]", "local  -", "deny (no-rule)"},
    {"any contains fetch", kAllowAll, "fetch  -", "allow by all"},
    {"any is everything but unclear", kAllowAll, "unclear  -",
     "deny (unclear)"},
    {"discover is not fenced by namespaces",
     "scope: {namespaces: dev}\nrules: [{id: r, allow: read}]", "discover  -",
     "allow by r"},
    {"none is not fenced by namespaces",
     "scope: {namespaces: dev}\nrules: [{id: r, allow: read}]", "none  -",
     "allow by r"},
    {"create on pods/exec compiles to exec",
     "rules: [{id: r, allow: create, resources: pods/exec}]",
     "exec pods/exec dev/web", "allow by r"},
    {"get on pods/exec compiles to exec, for a deny as well",
     "protect: []\nrules: [{id: a, allow: exec}, "
     "{id: d, deny: get, resources: pods/exec}]",
     "exec pods/exec dev/web", "deny by d (denied-by-rule)"},
    {"naming exec names the subresource",
     "rules: [{id: r, allow: exec, resources: pods}]", "exec pods/exec dev/web",
     "allow by r"},
    {"naming exec without resources", "rules: [{id: r, allow: exec}]",
     "exec pods/exec dev/web", "allow by r"},
    {"naming forward does not name the kubelet",
     "protect: []\nrules: [{id: r, allow: forward}]",
     "forward nodes/proxy -/n1", "deny (sensitive)"},
    {"an unknown verb is never allowed", kAllowAll, "? pods dev/web",
     "deny (unclear)"},
    // Sensitive resources must be named.
    {"secrets need naming", "rules: [{id: r, allow: read}]",
     "get secrets dev/db", "deny (sensitive)"},
    {"no * names one", "rules: [{id: r, allow: read, resources: '*'}]",
     "get secrets dev/db", "deny (sensitive)"},
    {"no glob names one", "rules: [{id: r, allow: read, resources: 'secret*'}]",
     "get secrets dev/db", "deny (sensitive)"},
    {"an exact word names one",
     "rules: [{id: r, allow: read, resources: secret}]", "get secrets dev/db",
     "allow by r"},
    {"pods/* names no pods/exec",
     "rules: [{id: r, allow: any, resources: pods/*}]",
     "exec pods/exec dev/web", "deny (sensitive)"},
    {"with any verb: get on nodes/proxy", "rules: [{id: r, allow: read}]",
     "get nodes/proxy -/n1", "deny (sensitive)"},
    {"for writing: roles", "rules: [{id: r, allow: any}]",
     "create roles.rbac.authorization.k8s.io dev/x", "deny (sensitive)"},
    {"for reading roles are ordinary", "rules: [{id: r, allow: any}]",
     "get roles.rbac.authorization.k8s.io dev/x", "allow by r"},
    {"an ask is bound by naming as well", "rules: [{id: r, ask: read}]",
     "get secrets dev/db", "deny (sensitive)"},
    {"a deny covers everything its fields match",
     "rules: [{id: a, allow: read, resources: secrets}, {id: d, deny: any}]",
     "get secrets dev/db", "deny by d (denied-by-rule)"},
    {"an unknown resource may be a sensitive one",
     "rules: [{id: r, allow: read}]", "get ? dev/db", "deny (unclear)"},
    {"a custom resource whose plural is not known is ordinary",
     "rules: [{id: r, allow: read}]", "get ?.example.com dev/a", "allow by r"},
    {"reading a group that is sensitive for writing only is ordinary",
     "rules: [{id: r, allow: read}]", "get ?.rbac.authorization.k8s.io dev/a",
     "allow by r"},
    {"writing a resource that is not known in a sensitive group is unclear",
     "protect: []\nrules: [{id: r, allow: any}]",
     "patch ?.rbac.authorization.k8s.io dev/a", "deny (unclear)"},
    {"in the core group what is not known may be a Secret",
     "rules: [{id: r, allow: read}]", "get ?. dev/a", "deny (unclear)"},
    // Deciding 3.
    {"deny > allow, whatever their order",
     "rules: [{id: d, deny: get}, {id: a, allow: get}]", "get pods dev/web",
     "deny by d (denied-by-rule)"},
    {"deny > ask", "rules: [{id: a, ask: get}, {id: d, deny: get}]",
     "get pods dev/web", "deny by d (denied-by-rule)"},
    {"ask > allow", "rules: [{id: a, allow: get}, {id: q, ask: get}]",
     "get pods dev/web", "ask by q"},
    {"nothing matched: deny", "rules: [{id: a, allow: get}]",
     "delete pods dev/web", "deny (no-rule)"},
    // Deciding 4.
    {"outside scope: deny",
     "scope: {namespaces: dev}\nrules: [{id: r, allow: read}]",
     "get pods prod/web", "deny (outside-scope)"},
    {"inside scope the rules decide",
     "scope: {namespaces: [dev]}\nrules: [{id: r, allow: read}]",
     "get pods dev/web", "allow by r"},
    {"a cluster-scoped request is outside unless the list holds \"\"",
     "scope: {namespaces: ['*']}\nrules: [{id: r, allow: read}]",
     "list nodes -", "deny (outside-scope)"},
    {"with \"\" it is inside",
     "scope: {namespaces: ['', dev]}\nrules: [{id: r, allow: read}]",
     "list nodes -", "allow by r"},
    {"namespaces/foo is cluster-scoped whatever RequestInfo says",
     "scope: {namespaces: dev}\nrules: [{id: r, allow: read}]",
     "get namespaces dev/dev", "deny (outside-scope)"},
    {"all namespaces is inside only with *",
     "scope: {namespaces: 'd*'}\nrules: [{id: r, allow: read}]", "list pods *",
     "deny (outside-scope)"},
    {"all namespaces with *",
     "scope: {namespaces: '*'}\nrules: [{id: r, allow: read}]", "list pods *",
     "allow by r"},
    {"an unknown namespace is outside",
     "scope: {namespaces: '*'}\nrules: [{id: r, allow: read}]",
     "get pods ?/web", "deny (outside-scope)"},
    {"scope.contexts", "scope: {contexts: prod}\nrules: [{id: r, allow: read}]",
     "get pods dev/web", "deny (context)"},
    // Deciding 5.
    {"protect omitted: kube-system", "rules: [{id: all, allow: any}]",
     "delete pods kube-system/dns", "deny (protected)"},
    {"protect lets reading pass", "rules: [{id: all, allow: any}]",
     "get pods kube-system/dns", "allow by all"},
    {"exec is a change", "rules: [{id: x, allow: exec}]",
     "exec pods/exec kube-system/dns", "deny (protected)"},
    {"approved or not", "rules: [{id: all, ask: any}]",
     "patch configmaps kube-public/x", "deny (protected)"},
    {"[] turns it off", kAllowAll, "delete pods kube-system/dns",
     "allow by all"},
    {"it covers the Namespace object of that name",
     "rules: [{id: n, allow: delete, resources: namespaces}]",
     "delete namespaces -/kube-system", "deny (protected)"},
    {"and no other", "rules: [{id: n, allow: delete, resources: namespaces}]",
     "delete namespaces -/dev", "allow by n"},
    {"requests over all namespaces", "rules: [{id: all, allow: any}]",
     "deletecollection pods *", "deny (protected)"},
    {"and unknown namespaces", "rules: [{id: all, allow: any}]",
     "delete pods ?/web", "deny (protected)"},
    {"cluster-scoped writes are not covered", "rules: [{id: all, allow: any}]",
     "delete storageclasses.storage.k8s.io -/fast", "allow by all"},
    // Deciding 6.
    {"all namespaces match every pattern of a deny",
     "rules: [{id: a, allow: read}, {id: d, deny: get, namespaces: x}, "
     "{id: l, deny: list, namespaces: x}]",
     "list pods *", "deny by l (denied-by-rule)"},
    {"all namespaces match every pattern of an ask",
     "rules: [{id: a, allow: read}, {id: q, ask: list, namespaces: x}]",
     "list pods *", "ask by q"},
    {"all namespaces match only * of an allow",
     "rules: [{id: a, allow: read, namespaces: 'd*'}]", "list pods *",
     "deny (no-rule)"},
    {"all namespaces match every pattern of unless",
     "rules: [{id: a, allow: read, unless: {namespaces: x}}]", "list pods *",
     "deny (no-rule)"},
    {"a deny's unless does not let all namespaces go",
     "rules: [{id: a, allow: read}, "
     "{id: d, deny: any, unless: {namespaces: x}}]",
     "list pods *", "deny by d (denied-by-rule)"},
    {"an allow needs every field true",
     "rules: [{id: a, allow: read, namespaces: '*'}]", "get pods ?/web",
     "deny (unclear)"},
    {"a deny fires on unknown",
     "rules: [{id: a, allow: read}, {id: d, deny: get, namespaces: x}]",
     "get pods ?/web", "deny by d (denied-by-rule)"},
    {"an ask that is unknown beside a true allow decides deny",
     "rules: [{id: a, allow: read}, {id: q, ask: get, namespaces: x}]",
     "get pods ?/web", "deny by q (unclear)"},
    {"unless: unknown counts as true for allow",
     "rules: [{id: a, allow: read, unless: {names: x}}]", "get pods dev/?",
     "deny (no-rule)"},
    {"unless: unknown counts as false for deny",
     "rules: [{id: a, allow: read}, {id: d, deny: get, unless: {names: x}}]",
     "get pods dev/?", "deny by d (denied-by-rule)"},
};

TEST(Engine, DecidesAsThePolicyLanguageSays) {
  for (const Row& row : kRows) {
    const auto engine = Compile(row.policy);
    ASSERT_NE(engine, nullptr) << row.sentence;
    const Decision decision = Decide(*engine, Call(row.request));
    EXPECT_EQ(Brief(decision), row.expected) << row.sentence << "\n"
                                             << row.policy << "\n"
                                             << row.request << "\n"
                                             << decision.sentence;
    EXPECT_FALSE(decision.sentence.empty());
    EXPECT_EQ(decision.Passes(), decision.effect == Effect::kAllow);
  }
}

TEST(Engine, StrictestRequestDecidesTheCall) {
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

TEST(Engine, NoRequestAtAllIsUnclear) {
  const auto engine = Compile("protect: []\nrules: [{id: a, allow: any}]");
  EXPECT_EQ(Brief(Decide(*engine, Call(std::vector<Request>{}))),
            "deny (unclear)");
  EXPECT_EQ(Brief(Decide(*engine, Classification{})), "deny (unknown-tool)");
}

TEST(Engine, UnclearNeedsARuleThatNamesTheTool) {
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

TEST(Engine, AClaimOfUnclearNeverPasses) {
  const auto engine = Compile("rules: [{id: a, allow: read}]");
  Classification call = Call("get pods dev/web");
  call.unclear = Unclear{"something is odd", ""};
  EXPECT_EQ(Brief(Decide(*engine, call)), "deny (unclear)");
  call.unclear.reset();
  call.known_tool = false;
  EXPECT_EQ(Brief(Decide(*engine, call)), "deny (unknown-tool)");
}

TEST(Engine, OmittedContextsAreTheCurrentOne) {
  const auto engine = Compile("rules: [{id: a, allow: read}]");
  Classification call = Call("get pods dev/web");
  call.requests[0].context = "prod";
  EXPECT_EQ(Brief(Decide(*engine, call)), "deny (context)");
  call.requests[0].context.reset();
  EXPECT_FALSE(Decide(*engine, call).Passes());
}

TEST(Engine, UnknownSubjectsGetNoGrant) {
  const auto engine = Compile(
      "rules: [{id: a, allow: get, who: {users: '*'}}, {id: b, allow: list}, "
      "{id: d, deny: list, who: {groups: [temp]}}]");
  const Subject nobody;
  EXPECT_FALSE(engine->Decide(Call("get pods dev/x"), nobody, {}).Passes());
  EXPECT_FALSE(engine->Decide(Call("list pods dev"), nobody, {}).Passes());
}

TEST(Engine, ObservedRulesAreDecidedBesideAndNeverGrant) {
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

TEST(Engine, ModeObserveDiffersInTheLastStepOnly) {
  const auto engine = Compile("mode: observe\nrules: [{id: a, allow: read}]");
  const Decision refused = Decide(*engine, Call("delete pods dev/web"));
  EXPECT_EQ(Brief(refused), "deny (no-rule)");
  EXPECT_FALSE(refused.enforced);
  EXPECT_TRUE(refused.Passes());
  EXPECT_TRUE(Decide(*engine, UnclearCall(false)).Passes());
  EXPECT_TRUE(Decide(*engine, Call("get pods dev/web")).enforced);
}

TEST(Engine, WithoutApprovalAskIsDeny) {
  const auto engine = Compile("rules: [{id: q, ask: read}]");
  const Decision decision =
      WithoutApproval(Decide(*engine, Call("get pods dev/web")));
  EXPECT_EQ(Brief(decision), "deny by q (approval-unavailable)");
  EXPECT_FALSE(decision.Passes());
}

TEST(Engine, ExplainTellsEachRuleAndDecidesTheSame) {
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
