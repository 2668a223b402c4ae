// SPDX-License-Identifier: Apache-2.0
#include "policy/mutant.h"

#include <array>
#include <string_view>
#include <utility>

namespace gatehouse {
namespace {

struct Change {
  std::string_view name;
  // False where the rule has nothing to change.
  bool (*apply)(Rule& rule);
};

template <auto Field>
bool DropField(Rule& rule) {
  if (!(rule.match.*Field)) return false;
  (rule.match.*Field).reset();
  return true;
}

bool DropUnless(Rule& rule) {
  if (!rule.unless) return false;
  rule.unless.reset();
  return true;
}

bool DropUntil(Rule& rule) {
  if (!rule.until) return false;
  rule.until.reset();
  return true;
}

// To the effect whose mistake would hurt most.
template <Effect From, Effect To>
bool TurnRound(Rule& rule) {
  if (rule.effect != From) return false;
  rule.effect = To;
  if (To != Effect::kAsk) rule.timeout.reset();
  if (To == Effect::kDeny) {
    rule.limit.reset();
    rule.helm = false;
    rule.until.reset();
  }
  return true;
}

constexpr std::array kChanges = std::to_array<Change>({
    {"allow made deny", TurnRound<Effect::kAllow, Effect::kDeny>},
    {"ask made allow", TurnRound<Effect::kAsk, Effect::kAllow>},
    {"deny made allow", TurnRound<Effect::kDeny, Effect::kAllow>},
    {"without resources", DropField<&MatchFields::resources>},
    {"without namespaces", DropField<&MatchFields::namespaces>},
    {"without names", DropField<&MatchFields::names>},
    {"without contexts", DropField<&MatchFields::contexts>},
    {"without servers", DropField<&MatchFields::servers>},
    {"without tools", DropField<&MatchFields::tools>},
    {"without podSecurity", DropField<&MatchFields::pod_security>},
    {"without who", DropField<&MatchFields::who>},
    {"without when", DropField<&MatchFields::when>},
    {"without unless", DropUnless},
    {"without until", DropUntil},
});

}  // namespace

void ForEachMutant(const std::vector<RuleFile>& files,
                   const std::function<void(const Mutant&)>& visit) {
  Mutant mutant;
  mutant.files = files;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string prefix = i == 0 ? "" : files[i].name + "/";
    for (std::size_t j = 0; j < files[i].rules.size(); ++j) {
      const Rule& original = files[i].rules[j];
      Rule& rule = mutant.files[i].rules[j];
      mutant.rule = {prefix + original.id, files[i].source.name,
                     original.position.line};
      for (const Change& change : kChanges) {
        if (!change.apply(rule)) continue;
        mutant.change = change.name;
        visit(mutant);
        rule = original;
      }
    }
  }
}

}  // namespace gatehouse
