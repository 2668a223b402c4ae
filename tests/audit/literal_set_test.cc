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

// Whatever begins alike, the longest that is there is found.
TEST(LiteralSet, FindsTheLongestOfManyThatBeginAlike) {
  LiteralSet set;
  for (const char* literal : {"aaaa", "aaaabb", "aaaabbcc", "aaaac", "aaab"}) {
    EXPECT_TRUE(set.Add(literal));
    EXPECT_FALSE(set.Add(literal));
  }
  EXPECT_EQ(set.size(), 5u);
  const std::pair<const char*, const char*> rows[] = {
      {"aaaabbcc", "0:aaaabbcc"},
      {"aaaabbcx", "0:aaaabb"},
      {"aaaabzzz", "0:aaaa"},
      {"aaaabc", "0:aaaa"},
      {"aaaad", "0:aaaa"},
      {"aaabz", "0:aaab"},
      {"aaac", ""},
      {"zaaaab", "1:aaaa"}};
  for (const auto& [text, found] : rows) EXPECT_EQ(FoundIn(set, text), found);
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
