// SPDX-License-Identifier: Apache-2.0
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

struct Group {
  std::string_view name;
  VerbSet verbs;
};

constexpr VerbSet kDeletes =
    SetOf(Verb::kDelete) | SetOf(Verb::kDeleteCollection);
// kUnknown is no verb that a rule can cover.
constexpr VerbSet kAny = ((VerbSet{1} << kVerbCount) - 1) &
                         ~SetOf(Verb::kUnclear) & ~SetOf(Verb::kUnknown);

// `delete` is a verb and a group: as a word it covers deletecollection.
constexpr Group kGroups[] = {
    {"read", kReadingVerbs | SetOf(Verb::kNone)},
    {"write", SetOf(Verb::kCreate) | SetOf(Verb::kUpdate) |
                  SetOf(Verb::kPatch) | kDeletes},
    {"delete", kDeletes},
    {"any", kAny},
};

}  // namespace

std::optional<VerbSet> VerbsOfWord(std::string_view word) {
  for (const Group& group : kGroups) {
    if (group.name == word) return group.verbs;
  }
  const std::optional<Verb> verb = VerbFromName(word);
  if (!verb || *verb == Verb::kUnknown) return std::nullopt;
  return SetOf(*verb);
}

const std::vector<std::string_view>& VerbWords() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> all = {"read", "write", "any"};
    for (std::size_t i = 1; i < kVerbCount; ++i) {
      all.push_back(VerbName(static_cast<Verb>(i)));
    }
    return all;
  }();
  return words;
}

}  // namespace gatehouse
