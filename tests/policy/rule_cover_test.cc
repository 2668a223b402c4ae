// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_cover.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

Pattern Glob(std::string_view text) { return Pattern::Compile(text).value(); }

TEST(RuleCover, PatternsCoverAndOverlap) {
  struct Row {
    const char* a;
    const char* b;
    bool covers;
    bool overlap;
  };
  const Row rows[] = {
      {"*", "dev", true, true},        {"dev", "dev", true, true},
      {"dev", "*", false, true},       {"dev-*", "dev-1", true, true},
      {"dev-*", "prod", false, false}, {"dev-*", "*-1", false, true},
      {"a*b", "b*a", false, false},    {"a?", "?b", false, true},
      {"/a.*/", "abc", true, true},    {"/a.*/", "b*", false, true},
      {"ab*", "a*", false, true},      {"a*", "ab*", true, true},
      {"a*c", "ab*c", true, true},     {"a?", "a*", false, true},
      {"a*", "a?", true, true},        {"??*", "a*b", false, true},
      {"*?", "*", false, true},        {"/a.*/", "a?", false, true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Covers(Glob(row.a), Glob(row.b)), row.covers)
        << row.a << " " << row.b;
    EXPECT_EQ(Overlap(Glob(row.a), Glob(row.b)), row.overlap)
        << row.a << " " << row.b;
    EXPECT_EQ(Overlap(Glob(row.b), Glob(row.a)), row.overlap);
  }
}

TEST(RuleCover, AnAllowOfAnyNameLeavesOutWhatHasNone) {
  CompiledRule named;
  named.effect = Effect::kAllow;
  named.verbs = SetOf(Verb::kList);
  CompiledRule plain = named;
  named.match.names = {Glob("*")};
  EXPECT_FALSE(Covers(named, plain));
  EXPECT_TRUE(Covers(named, named));
  named.effect = plain.effect = Effect::kDeny;
  EXPECT_TRUE(Covers(named, plain));
}

TEST(RuleCover, ARuleThatMayEndCoversNothing) {
  CompiledRule always;
  always.verbs = SetOf(Verb::kGet);
  CompiledRule narrow = always;
  narrow.match.namespaces = {{Glob("dev")}, false};
  EXPECT_TRUE(Covers(always, narrow));
  EXPECT_FALSE(Covers(narrow, always));
  CompiledRule ends = always;
  ends.until = std::chrono::sys_seconds{};
  EXPECT_FALSE(Covers(ends, narrow));
  CompiledRule observed = always;
  observed.observe = true;
  EXPECT_FALSE(Covers(observed, narrow));
  narrow.verbs |= SetOf(Verb::kList);
  EXPECT_FALSE(Covers(always, narrow));
}

TEST(RuleCover, WhatIsHeldBackIsNotRevealedAndHelmNeedsItsWord) {
  CompiledRule plain;
  plain.effect = Effect::kAllow;
  plain.verbs = SetOf(Verb::kGet);
  CompiledRule revealing = plain;
  revealing.reveal = true;
  EXPECT_FALSE(Covers(plain, revealing));
  CompiledRule charts = plain;
  charts.helm = true;
  EXPECT_FALSE(Covers(plain, charts));
  EXPECT_TRUE(Covers(charts, plain));
  CompiledRule deny = plain;
  deny.effect = Effect::kDeny;
  EXPECT_TRUE(Covers(deny, revealing));
  EXPECT_TRUE(Covers(deny, charts));
}

TEST(RuleCover, ToolCallsAndOtherMethodsAreNotOneAnother) {
  struct Names {
    std::string_view tools, methods, uris, prompts;  // "": not given
  };
  struct Row {
    Names a, b;
    bool covers;
  };
  const Row rows[] = {
      {{"*", "", "", ""},
       {"", "*", "", ""},
       false},  // W002 said it adds nothing
      {{"", "*", "", ""}, {"*", "", "", ""}, false},
      {{"*", "*", "", ""}, {"", "resources/read", "", ""}, true},
      {{"*", "*", "", ""}, {"get", "", "", ""}, true},
      {{"*", "*", "", ""}, {"", "", "", ""}, true},
      {{"", "", "", ""}, {"*", "*", "*", "*"}, true},
      {{"*", "", "", ""}, {"", "", "", ""}, false},
      {{"", "*", "", ""}, {"", "", "", ""}, false},
      {{"", "*", "", ""}, {"", "", "k8s://*", ""}, true},
      {{"", "", "*", ""}, {"", "*", "", ""}, false},  // prompts have no URI
      {{"", "", "*", ""}, {"", "*", "k8s://*", ""}, true},
      {{"", "", "", "*"}, {"", "", "*", ""}, false},
      {{"", "", "", "*"}, {"", "", "", "a"}, true},
  };
  const auto rule = [](const Names& names) {
    CompiledRule made;
    const auto put = [](std::string_view text, auto& field) {
      if (!text.empty()) field = Patterns{Glob(text)};
    };
    put(names.tools, made.match.tools);
    put(names.methods, made.match.methods);
    put(names.uris, made.match.uris);
    put(names.prompts, made.match.prompts);
    return made;
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Covers(rule(row.a), rule(row.b)), row.covers)
        << "row " << &row - rows;
  }
}

}  // namespace
}  // namespace gatehouse
