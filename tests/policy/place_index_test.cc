// SPDX-License-Identifier: Apache-2.0
// What the index of namespaces and names leaves out is never asked: each rule
// that can match is a candidate, once, strictest first.
#include "policy/place_index.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "policy/rule_index.h"
#include "policy/rule_match.h"
#include "policy_fixture.h"
#include "tests/policy/reference/generator.h"

namespace gatehouse::testing {
namespace {

std::string Shown(PlacedCandidates candidates) {
  std::string shown;
  for (std::uint32_t rule = 0; candidates.Next(rule);) {
    shown += std::to_string(rule) + " ";
  }
  return shown;
}

CompiledRule In(Effect effect, std::initializer_list<std::string_view> spaces) {
  CompiledRule rule;
  rule.effect = effect;
  if (spaces.size() == 0) return rule;
  rule.match.namespaces.emplace();
  for (const std::string_view space : spaces) {
    if (space.empty()) {
      rule.match.namespaces->cluster_scope = true;
    } else {
      rule.match.namespaces->patterns.push_back(
          Pattern::Compile(space).value());
    }
  }
  return rule;
}

Request At(std::string_view space, std::optional<std::string> name) {
  Request request;
  request.namespace_name = std::string(space);
  request.name = std::move(name);
  return request;
}

TEST(PlaceIndex, GivesTheRulesOfANamespaceStrictestFirst) {
  const std::vector<CompiledRule> rules = {
      In(Effect::kAllow, {"a", "team-*"}),        // 0
      In(Effect::kAllow, {}),                     // 1
      In(Effect::kDeny, {"team-a", "team-*-x"}),  // 2
      In(Effect::kAsk, {"*-x"}),                  // 3
      In(Effect::kAllow, {""}),                   // 4
      In(Effect::kDeny, {"/t.*/"}),               // 5
      In(Effect::kAllow, {"team-a", "team-a"}),   // 6
  };
  const PlaceIndex index(rules, {0, 1, 2, 3, 4, 5, 6});
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"a", "5 3 0 1 "}, {"team-a", "2 5 3 0 1 6 "}, {"team-b", "2 5 3 0 1 "},
      {"tea", "5 3 1 "}, {"team-", "2 5 3 0 1 "},
  };
  for (const auto& [space, expected] : rows) {
    EXPECT_EQ(Shown(index.For(At(space, "web"))), expected) << space;
  }
  EXPECT_EQ(Shown(PlaceIndex().For(At("a", "web"))), "");
}

TEST(PlaceIndex, GivesTheRulesOfANameBesideThoseOfTheNamespace) {
  std::vector<CompiledRule> rules;
  const auto add = [&](Effect effect, std::string_view name) {
    rules.push_back(In(effect, {}));
    rules.back().match.names.emplace().push_back(
        Pattern::Compile(name).value());
  };
  add(Effect::kAllow, "web");                  // 0
  add(Effect::kDeny, "web-*");                 // 1
  rules.push_back(In(Effect::kDeny, {}));      // 2
  rules.push_back(In(Effect::kAsk, {"dev"}));  // 3
  add(Effect::kAllow, "*");                    // 4
  const PlaceIndex index(rules, {0, 1, 2, 3, 4});
  const std::pair<Request, std::string_view> rows[] = {
      {At("dev", "web"), "2 3 0 4 "},
      {At("dev", "web-1"), "1 2 3 4 "},
      {At("ops", "db"), "2 4 "},
      {At("ops", ""), "1 2 0 4 "},
      {At("ops", std::nullopt), "1 2 0 4 "},
  };
  for (const auto& [request, expected] : rows) {
    EXPECT_EQ(Shown(index.For(request)), expected) << Describe(request);
  }
}

// Globs of more sizes than an index has lists are looked at everywhere.
TEST(PlaceIndex, HoldsPrefixesOfAnyNumberOfSizes) {
  std::vector<CompiledRule> rules;
  std::vector<std::uint32_t> all;
  std::string space;
  for (std::uint32_t i = 0; i < 30; ++i) {
    space += 'a';
    rules.push_back(In(Effect::kAllow, {}));
    rules.back().match.namespaces.emplace().patterns = {
        Pattern::Compile(space + "*").value()};
    all.push_back(i);
  }
  std::string every;
  for (std::uint32_t i = 0; i < 30; ++i) every += std::to_string(i) + " ";
  EXPECT_EQ(Shown(PlaceIndex(rules, all).For(At(space, "web"))), every);
}

TEST(PlaceIndex, LeavesOutNoRuleThatMatches) {
  reference::Generator generator(5);
  int placed = 0;
  int left_out = 0;
  for (int i = 0; i < 300 && !HasFatalFailure(); ++i) {
    const std::string text = YamlOf(generator.NewPolicy());
    Issues issues;
    const auto policy = CompileLayer({ReadRules({"p.yaml", text}, issues)},
                                     Tables(), InDev(), issues);
    ASSERT_NE(policy, nullptr) << Rendered(issues) << text;
    for (int k = 0; k < 20; ++k) {
      const reference::Question question = generator.NewQuestion();
      const UtcTime time = *ReadRfc3339(question.time);
      const CallFacts facts{question.call, question.subject, time};
      for (const Request& request : question.call.requests) {
        auto candidates = CandidatesInPlace(policy->index, request);
        if (!candidates) continue;
        ++placed;
        std::set<std::uint32_t> seen;
        for (std::uint32_t rule = 0; candidates->Next(rule);) {
          EXPECT_TRUE(seen.insert(rule).second);
        }
        for (std::uint32_t rule = 0; rule < policy->rules.size(); ++rule) {
          if (seen.contains(rule)) continue;
          ++left_out;
          ASSERT_EQ(
              MatchRule(*policy, policy->rules[rule], request, facts).truth,
              Truth::kFalse)
              << Describe(request) << "\n"
              << text;
        }
      }
    }
  }
  EXPECT_GT(placed, 2000);
  EXPECT_GT(left_out, placed);
}

}  // namespace
}  // namespace gatehouse::testing
