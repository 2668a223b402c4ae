// SPDX-License-Identifier: Apache-2.0
#include "audit/literal_set.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gatehouse::audit {
namespace {

std::string FoundIn(const LiteralSet& set, const std::string& text,
                    std::size_t from = 0) {
  const LiteralSet::Found found = set.Find(text, from);
  return found.begin == std::string::npos
             ? ""
             : std::to_string(found.begin) + ":" +
                   text.substr(found.begin, found.end - found.begin);
}

TEST(LiteralSet, FindsTheFirstPlaceAndTheLongestThere) {
  LiteralSet set;
  EXPECT_EQ(FoundIn(set, "abcd"), "");
  set.Add("abcd");
  set.Add("abcdef");
  set.Add("zzzz");
  set.Add("abc");
  EXPECT_EQ(FoundIn(set, "abcd"), "0:abcd");
  EXPECT_EQ(FoundIn(set, "-abcdefg zzzz"), "1:abcdef");
  EXPECT_EQ(FoundIn(set, "-abcdefg zzzz", 2), "9:zzzz");
  EXPECT_EQ(FoundIn(set, "abc"), "");
  EXPECT_EQ(FoundIn(set, ""), "");
}

TEST(LiteralSet, FindsEachOfThousands) {
  LiteralSet set;
  std::mt19937 random(3);
  std::vector<std::string> literals;
  for (int i = 0; i < 4'000; ++i) {
    literals.push_back("s" + std::to_string(random()) + "/");
    set.Add(literals.back());
  }
  for (const std::string& literal : literals) {
    EXPECT_EQ(FoundIn(set, "xx" + literal + "y"), "2:" + literal);
  }
  EXPECT_EQ(FoundIn(set, std::string(5'000, 'x')), "");
}

}  // namespace
}  // namespace gatehouse::audit
