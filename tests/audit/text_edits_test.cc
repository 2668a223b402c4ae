// SPDX-License-Identifier: Apache-2.0
#include "audit/text_edits.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gatehouse::audit {
namespace {

TEST(TextEdits, ChangeNothingElse) {
  EXPECT_EQ(Applied("abcdef", {}), "abcdef");
  EXPECT_EQ(Applied("abcdef", {{0, 1, "xy"}, {3, 3, "-"}, {5, 6, ""}}),
            "xybc-de");
  EXPECT_TRUE(Whole("a", "a").empty());
  EXPECT_EQ(Applied("a", Whole("a", "b")), "b");
  Edits all = {{0, 1, "x"}};
  Append({{0, 2, "y"}}, 3, all);
  EXPECT_EQ(Applied("abcdef", all), "xbcyf");
}

// Nothing comes back of what one edit took away, whatever the next begins at.
TEST(TextEdits, ThatOverlapHideWhatAnyOfThemHides) {
  EXPECT_EQ(Applied("abcdef", {{1, 4, "x"}, {2, 3, "y"}}), "axyef");
  EXPECT_EQ(Applied("abcdef", {{3, 5, "x"}, {0, 1, "y"}, {4, 6, "z"}}),
            "abcxyz");
}

TEST(TextEdits, InStagesAreEditsOfTheTextAsItWas) {
  struct Row {
    Edits first;
    Edits second;
    const char* outcome;
  };
  const Row rows[] = {
      {{{1, 2, "BBB"}}, {{0, 1, "x"}}, "xBBBcdef"},
      {{{1, 2, "BBB"}}, {{4, 5, "x"}}, "aBBBxdef"},
      {{{1, 2, "BBB"}}, {{1, 4, "x"}}, "axcdef"},
      {{{1, 2, "BBB"}}, {{2, 3, "x"}}, "aBxBcdef"},
      {{{1, 2, "BBB"}}, {{0, 2, "x"}}, "xBBcdef"},
      {{{1, 2, "BBB"}}, {{3, 6, "x"}}, "aBBxef"},
      {{{1, 2, "BBB"}, {3, 4, "D"}}, {{2, 7, "x"}}, "aBxf"},
      {{{1, 2, ""}, {3, 4, ""}}, {{1, 2, "x"}}, "axef"},
  };
  for (const Row& row : rows) {
    StagedEdits edits("abcdef");
    edits.Add(row.first);
    edits.Add(row.second);
    EXPECT_EQ(edits.now(), row.outcome);
    EXPECT_EQ(Applied("abcdef", edits.Take()), row.outcome);
  }
}

Edits Chance(std::mt19937& random, std::size_t size) {
  Edits edits;
  std::size_t at = 0;
  while (true) {
    at += random() % 4 + 1;
    const std::size_t end = at + random() % 4;
    if (end > size) return edits;
    edits.push_back({at, end, std::string(random() % 5, 'x')});
    at = end;
  }
}

TEST(TextEdits, OfManyStagesAreTheSameInOneGo) {
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (std::size_t i = 0; i < random() % 40; ++i) {
      text += static_cast<char>('a' + i % 20);
    }
    StagedEdits edits(text);
    for (int stage = 0; stage < 3; ++stage) {
      edits.Add(Chance(random, edits.now().size()));
    }
    const std::string outcome(edits.now());
    ASSERT_EQ(Applied(text, edits.Take()), outcome);
  }
}

}  // namespace
}  // namespace gatehouse::audit
