// SPDX-License-Identifier: Apache-2.0
// A rule that the index leaves out is never asked: a deny missing from a row
// is a hole, an order other than deny, ask, allow lets an allow decide first.
#include "policy/rule_index.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

CompiledRule Rule(Effect effect, Verb verb,
                  std::initializer_list<std::string_view> resources) {
  CompiledRule rule;
  rule.effect = effect;
  rule.verbs = SetOf(verb);
  if (resources.size() == 0) return rule;
  rule.match.resources.emplace();
  for (std::string_view word : resources) {
    rule.match.resources->emplace_back().resource =
        Pattern::Compile(word).value();
  }
  return rule;
}

std::vector<CompiledRule> Rules() {
  std::vector<CompiledRule> rules = {
      Rule(Effect::kAllow, Verb::kGet, {"pods"}),               // 0
      Rule(Effect::kDeny, Verb::kGet, {}),                      // 1
      Rule(Effect::kAsk, Verb::kGet, {"secrets"}),              // 2
      Rule(Effect::kAllow, Verb::kList, {"pods"}),              // 3, and exec
      Rule(Effect::kAllow, Verb::kGet, {"nodes", "p*"}),        // 4
      Rule(Effect::kDeny, Verb::kDelete, {"pods", "secrets"}),  // 5
  };
  rules[3].match.resources->front().extra_verbs = SetOf(Verb::kExec);
  return rules;
}

TEST(RuleIndex, GivesTheRulesThatMayMatchStrictestFirst) {
  const auto index = IndexRules(Rules());
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"get pods dev/x", "1 0 4 "},
      {"get secrets dev/x", "1 2 4 "},
      {"get nodes -/x", "1 4 "},
      {"get services dev/x", "1 4 "},
      {"get ? dev/x", "1 2 0 4 "},
      {"list pods dev", "3 "},
      {"list nodes -", ""},
      {"exec pods dev/x", "3 "},
      {"exec ? dev/x", "3 "},
      {"delete pods dev/x", "5 "},
      {"delete secrets dev/x", "5 "},
      {"delete nodes -/x", ""},
      {"delete ? dev/x", "5 "},
      {"? pods dev/x", "1 5 0 3 4 "},
      {"? nodes dev/x", "1 4 "},
      {"? ? dev/x", "1 5 2 0 3 4 "},
      {"raw  -", ""},
  };
  for (const auto& [request, expected] : rows) {
    std::string shown;
    for (std::uint32_t rule : CandidatesFor(index, testing::Asked(request))) {
      shown += std::to_string(rule) + " ";
    }
    EXPECT_EQ(shown, expected) << request;
  }
}

TEST(RuleIndex, OfNoRulesIsEmptyForEveryVerb) {
  const auto index = IndexRules({});
  for (std::size_t i = 0; i < kVerbCount; ++i) {
    Request request = testing::Asked("get pods dev/x");
    request.verb = static_cast<Verb>(i);
    EXPECT_TRUE(CandidatesFor(index, request).empty());
  }
}

// An index for each verb of a policy of 200 rules would be most of its memory.
TEST(RuleIndex, IsOneForVerbsThatTheSameRulesCover) {
  std::vector<CompiledRule> rules = Rules();
  rules[0].verbs |= SetOf(Verb::kWatch);
  rules[3].verbs |= SetOf(Verb::kPatch);
  const auto index = IndexRules(rules);
  EXPECT_EQ(&index.Of(Verb::kList), &index.Of(Verb::kPatch));
  EXPECT_EQ(&index.Of(Verb::kCreate), &index.Of(Verb::kUpdate));
  EXPECT_NE(&index.Of(Verb::kGet), &index.Of(Verb::kWatch));
  EXPECT_NE(&index.Of(Verb::kList), &index.Of(Verb::kCreate));
  // Unknown, get, watch, list and patch and exec, delete, all others.
  EXPECT_EQ(index.indexes.size(), 6u);
  EXPECT_EQ(IndexRules({}).indexes.size(), 1u);
}

// The index may leave out only what MatchRule would find false.
TEST(RuleIndex, LeavesOutNoRuleOfAnyVerb) {
  std::vector<CompiledRule> rules;
  for (std::size_t i = 1; i < kVerbCount; ++i) {
    rules.push_back(Rule(Effect::kDeny, static_cast<Verb>(i), {"pods"}));
  }
  const auto index = IndexRules(rules);
  for (std::size_t i = 1; i < kVerbCount; ++i) {
    Request request = testing::Asked("get pods dev/x");
    request.verb = static_cast<Verb>(i);
    EXPECT_EQ(CandidatesFor(index, request),
              RuleList{static_cast<std::uint32_t>(i - 1)});
  }
}

}  // namespace
}  // namespace gatehouse
