// SPDX-License-Identifier: Apache-2.0
// Fences, then deny > ask > allow, whatever the order of the rules; what is
// not known allows nothing.
#include "policy/request_judge.h"

#include <gtest/gtest.h>

#include "policy/rule_index.h"
#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Asked;

// "allow get pods dev": EFFECT VERB RESOURCE NAMESPACE, "-" for an omitted
// field; "observe" before it for a rule that only observes.
CompiledRule Rule(std::string_view text) {
  const auto next = [&text] {
    const std::size_t end = text.find(' ');
    const std::string word(text.substr(0, end));
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    return word;
  };
  CompiledRule rule;
  std::string word = next();
  rule.observe = word == "observe";
  if (rule.observe) word = next();
  if (word == "ask") rule.effect = Effect::kAsk;
  if (word == "allow") rule.effect = Effect::kAllow;
  rule.verbs = SetOf(VerbFromName(next()).value());
  if (word = next(); word != "-") {
    ResourcePattern pattern;
    pattern.resource = Pattern::Literal(word);
    rule.match.resources = {pattern};
  }
  if (word = next(); word != "-") {
    rule.match.namespaces = {{Pattern::Literal(word)}, false};
  }
  return rule;
}

using Views = std::vector<std::string_view>;

CompiledPolicy Policy(const Views& rules) {
  CompiledPolicy policy;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    policy.rules.push_back(Rule(rules[i]));
    policy.rules.back().source.id = std::to_string(i);
  }
  policy.index = IndexRules(policy.rules);
  policy.tables = testing::Tables();
  return policy;
}

// "EFFECT CODE", " by ID" where a rule decided, " near ID" where one did not.
std::string Judged(const CompiledPolicy& policy, const Request& request,
                   bool known_tool = true, RuleSet rules = RuleSet::kEnforced) {
  Classification call = testing::Call({request});
  call.known_tool = known_tool;
  const Subject subject = testing::Someone();
  const CallFacts facts{call, subject};
  const Outcome outcome = WithNearestRule(
      policy, request, facts, JudgeRequest(policy, request, facts, rules));
  std::string text = std::string(EffectName(outcome.effect)) + " " +
                     std::string(CodeName(outcome.code));
  if (outcome.rule == nullptr) return text;
  return text + (outcome.decided_by_rule ? " by " : " near ") +
         outcome.rule->source.id;
}

struct RequestJudgeRow {
  Views rules;
  std::string_view request;
  std::string_view expected;
};

TEST(RequestJudge, DeniesBeforeAsksBeforeAllows) {
  const std::string_view allow = "allow get pods -", ask = "ask get pods -",
                         deny = "deny get pods -";
  const RequestJudgeRow rows[] = {
      {{}, "get pods dev/x", "deny no-rule"},
      {{allow}, "get pods dev/x", "allow allowed by 0"},
      {{allow}, "list pods dev", "deny no-rule"},
      {{allow, allow}, "get pods dev/x", "allow allowed by 0"},
      {{allow, deny}, "get pods dev/x", "deny denied-by-rule by 1"},
      {{allow, ask}, "get pods dev/x", "ask approval-unavailable by 1"},
      {{allow, ask, deny}, "get pods dev/x", "deny denied-by-rule by 2"},
      {{"allow get pods dev"}, "get pods prod/x", "deny no-rule near 0"},
      {{"allow get - -"}, "get secrets dev/x", "deny sensitive near 0"},
      {{allow, "deny get pods dev"}, "get pods prod/x", "allow allowed by 0"},
      // What is not known.
      {{"allow get pods dev"}, "get pods ?/x", "deny unclear near 0"},
      {{allow, "deny get pods dev"},
       "get pods ?/x",
       "deny denied-by-rule by 1"},
      {{allow, "ask get pods dev"}, "get pods ?/x", "deny unclear by 1"},
      {{allow}, "? pods dev/x", "deny unclear near 0"},
      {{deny}, "? pods dev/x", "deny denied-by-rule by 0"},
  };
  for (const RequestJudgeRow& row : rows) {
    EXPECT_EQ(Judged(Policy(row.rules), Asked(row.request)), row.expected)
        << row.request << " at row " << &row - rows;
  }
}

TEST(RequestJudge, UnclearSaysWhetherTheToolIsKnown) {
  const CompiledPolicy policy = Policy({"allow get - -"});
  Request request;
  request.verb = Verb::kUnclear;
  EXPECT_EQ(Judged(policy, request, true), "deny unclear");
  EXPECT_EQ(Judged(policy, request, false), "deny unknown-tool");
}

TEST(RequestJudge, ObservedRulesTakePartOnlyWhereAllDo) {
  const CompiledPolicy policy =
      Policy({"allow get pods -", "observe deny get pods -"});
  const Request request = Asked("get pods dev/x");
  EXPECT_EQ(Judged(policy, request, true, RuleSet::kEnforced),
            "allow allowed by 0");
  EXPECT_EQ(Judged(policy, request, true, RuleSet::kAll),
            "deny denied-by-rule by 1");
  EXPECT_EQ(Judged(Policy({"observe allow get pods -"}), request),
            "deny no-rule");
}

TEST(RequestJudge, AFenceStandsBeforeEveryRule) {
  CompiledPolicy policy = Policy({"allow get pods -"});
  policy.namespace_fences = {{{Pattern::Literal("dev")}, false}};
  EXPECT_EQ(Judged(policy, Asked("get pods dev/x")), "allow allowed by 0");
  EXPECT_EQ(Judged(policy, Asked("get pods prod/x")), "deny outside-scope");
  EXPECT_EQ(Judged(policy, Asked("get pods ?/x")), "deny outside-scope");
  // Where the rules refuse too, theirs is the reason.
  EXPECT_EQ(Judged(policy, Asked("get nodes ?/x")), "deny no-rule");
}

}  // namespace
}  // namespace gatehouse
