// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/comma_words.h"

#include <gtest/gtest.h>

#include <vector>

namespace gatehouse {
namespace {

TEST(CommaWords, AreCutWhereTheyAreLookedAt) {
  const std::pair<std::string, std::vector<std::string>> rows[] = {
      {"", {}},
      {"a", {"a"}},
      {"exec,log", {"exec", "log"}},
      {"a,a,b", {"a", "a", "b"}},
  };
  for (const auto& [text, expected] : rows) {
    const CommaWords words(text);
    std::vector<std::string> found;
    for (const std::string_view word : words) found.emplace_back(word);
    EXPECT_EQ(found, expected) << text;
    EXPECT_EQ(words.empty(), expected.empty()) << text;
    for (const std::string& word : expected) EXPECT_TRUE(words.Has(word));
    for (const char* other : {"", "ex", "exec,log", "xec", "lo"}) {
      EXPECT_FALSE(words.Has(other)) << text << " has " << other;
    }
  }
}

TEST(CommaWords, KeepTheirTextWhereTheyAreCopied) {
  CommaWords copy;
  {
    const CommaWords words("persistentvolumeclaims,pods");
    copy = words;
  }
  EXPECT_TRUE(copy.Has("persistentvolumeclaims"));
}

TEST(CommaWords, TakeWordLeavesWhatIsBehindTheSeparator) {
  std::string_view text = "a  b";
  EXPECT_EQ(TakeWord(text, ' '), "a");
  EXPECT_EQ(TakeWord(text, ' '), "");
  EXPECT_EQ(TakeWord(text, ' '), "b");
  EXPECT_EQ(text, "");
  EXPECT_EQ(TakeWord(text, ' '), "");
}

}  // namespace
}  // namespace gatehouse
