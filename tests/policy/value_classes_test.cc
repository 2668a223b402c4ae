// SPDX-License-Identifier: Apache-2.0
// A class that is missing is a change that `policy diff` does not see.
#include "policy/value_classes.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace gatehouse {
namespace {

Patterns Compiled(const std::vector<std::string>& texts) {
  Patterns patterns;
  for (const std::string& text : texts) {
    patterns.push_back(Pattern::Compile(text).value());
  }
  return patterns;
}

std::string Labels(const std::vector<std::string>& texts, ValueKind kind) {
  const ValueClasses classes(Compiled(texts), kind);
  std::string all;
  for (std::size_t i = 0; i < classes.values().size(); ++i) {
    all += (i == 0 ? "" : ", ") + classes.Label(i);
  }
  return all;
}

TEST(ValueClasses, AreOneForEachSetOfPatternsThatAValueCanMatch) {
  using List = std::vector<std::string>;
  const std::pair<List, std::string_view> rows[] = {
      {{}, "others (as x)"},
      {{"*"}, "others (as x)"},
      {{"dev"}, "others (as x), dev"},
      {{"a*"}, "others (as x), a* (as a)"},
      {{"a*", "*b"}, "others (as x), a* (as a), *b (as b), a* and *b (as ab)"},
      {{"team-*", "team-x"}, "others (as y), team-* (as team-y), team-x"},
      {{"?", "??"}, "? (as x), ?? (as xx), others (as xxx)"},
      {{"a-?", "A"}, "others (as x), a-? (as a-x)"},
  };
  for (const auto& [patterns, expected] : rows) {
    EXPECT_EQ(Labels(patterns, ValueKind::kLabel), expected);
  }
  EXPECT_EQ(Labels({"dev-*", "A"}, ValueKind::kText),
            "others (as x), A, dev-* (as dev-)");
}

TEST(ValueClasses, SampleWhatAnExpressionMatches) {
  const ValueClasses classes(
      Compiled({"/(dev|test)-[0-9]+/", "dev-0", "/x{2,3}|q?/"}),
      ValueKind::kText);
  EXPECT_FALSE(classes.exact());
  std::set<std::string> values(classes.values().begin(),
                               classes.values().end());
  EXPECT_TRUE(values.contains("dev-0"));
  EXPECT_LT(classes.ClassOf("xx"), classes.values().size());
  EXPECT_LT(classes.ClassOf("test-9"), classes.values().size());
}

TEST(ValueClasses, SamplesOfBadExpressionsEnd) {
  for (const char* text : {"(((((", "[", "[]", "a{", "a{999999999}", "\\", ")",
                           "|||", "(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)"}) {
    EXPECT_LE(SamplesOf(text).size(), 200u) << text;
  }
}

// Any value has a class, and its class' value matches what it matches.
TEST(ValueClasses, HoldForRandomPatternsAndValues) {
  std::mt19937 random(3);
  const auto text = [&](std::string_view letters, std::size_t longest) {
    std::string made;
    const std::size_t size = 1 + random() % longest;
    for (std::size_t i = 0; i < size; ++i) {
      made += letters[random() % letters.size()];
    }
    return made;
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < 1 + random() % 4; ++i) {
      texts.push_back(text("ab*?*", 5));
    }
    const Patterns patterns = Compiled(texts);
    const ValueClasses classes(patterns, ValueKind::kText);
    EXPECT_TRUE(classes.exact());
    for (int i = 0; i < 40; ++i) {
      const std::string value = text("abc", 6);
      const std::size_t found = classes.ClassOf(value);
      ASSERT_LT(found, classes.values().size()) << value;
      for (const Pattern& pattern : patterns) {
        EXPECT_EQ(pattern.Matches(value),
                  pattern.Matches(classes.values()[found]))
            << pattern.text() << " " << value;
      }
    }
  }
}

}  // namespace
}  // namespace gatehouse
