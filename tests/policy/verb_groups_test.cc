// SPDX-License-Identifier: Apache-2.0
// A group that gains a verb widens every policy that names it.
#include "policy/verb_groups.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace gatehouse {
namespace {

std::string Shown(std::string_view word) {
  const std::optional<VerbSet> verbs = VerbsOfWord(word);
  if (!verbs) return "no verb";
  std::string text;
  for (std::size_t i = 0; i < kVerbCount; ++i) {
    const Verb verb = static_cast<Verb>(i);
    if (Contains(*verbs, verb)) text += std::string(VerbName(verb)) + " ";
  }
  return text;
}

TEST(VerbGroups, HoldTheseVerbsAndNoOthers) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"read", "get list watch discover none "},
      {"write", "create update patch delete deletecollection "},
      {"delete", "delete deletecollection "},
      {"any",
       "get list watch create update patch delete deletecollection exec "
       "forward raw impersonate escalate config local fetch discover none "},
      {"get", "get "},
      {"deletecollection", "deletecollection "},
      {"exec", "exec "},
      {"unclear", "unclear "},
      {"unknown", "no verb"},
      {"", "no verb"},
      {"Get", "no verb"},
      {"read ", "no verb"},
      {"*", "no verb"},
  };
  for (const auto& [word, verbs] : rows) EXPECT_EQ(Shown(word), verbs) << word;
}

TEST(VerbGroups, WordsForDidYouMeanAreTheWordsThatAreTaken) {
  const std::vector<std::string_view>& words = VerbWords();
  EXPECT_EQ(words.size(), kVerbCount - 1 + 3);  // `delete` is both
  for (std::string_view word : words) {
    EXPECT_TRUE(VerbsOfWord(word).has_value()) << word;
    EXPECT_EQ(std::count(words.begin(), words.end(), word), 1) << word;
  }
}

// `protect` lets these pass: a verb too many would open kube-system.
TEST(VerbGroups, ReadingVerbsAreThoseThatChangeNothing) {
  for (std::size_t i = 0; i < kVerbCount; ++i) {
    const Verb verb = static_cast<Verb>(i);
    EXPECT_EQ(Contains(kReadingVerbs | SetOf(Verb::kNone), verb),
              IsReading(verb))
        << VerbName(verb);
  }
}

}  // namespace
}  // namespace gatehouse
