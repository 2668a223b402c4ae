// SPDX-License-Identifier: Apache-2.0
#include "policy/matcher.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(Pattern, MatchesWholeValues) {
  struct Row {
    std::string_view pattern;
    std::string_view value;
    bool matches;
  };
  const Row rows[] = {
      {"dev", "dev", true},       {"dev", "dev2", false},
      {"dev", "Dev", false},      {"*", "", true},
      {"*", "x", true},           {"team-*", "team-a", true},
      {"team-*", "team-", true},  {"team-*", "a-team-a", false},
      {"*-prod", "a-prod", true}, {"*-prod", "prod", false},
      {"a*b*c", "axxbyyc", true}, {"a*b*c", "axxbyy", false},
      {"web-?", "web-1", true},   {"web-?", "web-12", false},
      {"web-?", "web-", false},   {"?", "é", true},
      {"/dev/", "dev", true},     {"/dev/", "devs", false},
      {"/a|b/", "ab", false},     {"/v[0-9]+/", "v12", true},
      {"/.*/", "a\nb", false},    {"a.c", "abc", false},
      {"**", "anything", true},
  };
  for (const Row& row : rows) {
    const auto pattern = Pattern::Compile(row.pattern);
    ASSERT_TRUE(pattern.ok()) << row.pattern;
    EXPECT_EQ(pattern.value().Matches(row.value), row.matches)
        << row.pattern << " " << row.value;
  }
}

TEST(Pattern, RefusesWhatIsNoPattern) {
  for (const char* text : {"", "/", "//", "/a", "/(/", "[a-z]", "{a,b}", "!dev",
                           "a b", "a\tb", "/(a{1000}){1000}/"}) {
    EXPECT_FALSE(Pattern::Compile(text).ok()) << text;
  }
  EXPECT_FALSE(Pattern::Compile(std::string(513, 'a')).ok());
}

TEST(Pattern, HostileValuesTakeNoLongTime) {
  const auto pattern = Pattern::Compile("*a*a*a*a*a*a*a*a*b");
  ASSERT_TRUE(pattern.ok());
  EXPECT_FALSE(pattern.value().Matches(std::string(100'000, 'a')));
}

TEST(Pattern, KnowsItsKind) {
  EXPECT_TRUE(Pattern::Compile("*").value().IsAny());
  EXPECT_TRUE(Pattern::Compile("dev").value().IsLiteral());
  EXPECT_FALSE(Pattern::Compile("d*").value().IsLiteral());
  EXPECT_TRUE(Pattern::Literal("a*b").Matches("a*b"));
  EXPECT_FALSE(Pattern::Literal("a*b").Matches("axb"));
}

TEST(Truth, IsKleenes) {
  constexpr Truth kF = Truth::kFalse;
  constexpr Truth kU = Truth::kUnknown;
  constexpr Truth kT = Truth::kTrue;
  EXPECT_EQ(And(kT, kT), kT);
  EXPECT_EQ(And(kT, kU), kU);
  EXPECT_EQ(And(kU, kF), kF);
  EXPECT_EQ(Or(kF, kU), kU);
  EXPECT_EQ(Or(kU, kT), kT);
  EXPECT_EQ(Or(kF, kF), kF);
  EXPECT_EQ(Not(kU), kU);
  EXPECT_EQ(Truth{}, kU);
}

}  // namespace
}  // namespace gatehouse
