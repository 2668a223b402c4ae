// SPDX-License-Identifier: Apache-2.0
#include "policy/mutant.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse {
namespace {

struct Change {
  std::string_view name;
  // False where the rule has nothing to change.
  bool (*apply)(Rule& rule);
};

// A field of a rule, or of its `unless`.
struct Part {
  std::string_view name;  // as in the field table; "who.users" inside of who
  bool (*drop)(MatchFields& match);
};

template <auto Field>
bool Drop(MatchFields& match) {
  if (!(match.*Field)) return false;
  (match.*Field).reset();
  return true;
}

// The last list of `who` goes with `who` itself.
template <auto Field>
bool DropWho(MatchFields& match) {
  if (!match.who || !((*match.who).*Field)) return false;
  WhoFields rest = *match.who;
  (rest.*Field).reset();
  if (!rest.users && !rest.groups && !rest.kube_users && !rest.clients) {
    return false;
  }
  match.who = std::move(rest);
  return true;
}

constexpr std::array kParts = std::to_array<Part>({
    {"resources", Drop<&MatchFields::resources>},
    {"namespaces", Drop<&MatchFields::namespaces>},
    {"names", Drop<&MatchFields::names>},
    {"contexts", Drop<&MatchFields::contexts>},
    {"servers", Drop<&MatchFields::servers>},
    {"tools", Drop<&MatchFields::tools>},
    {"methods", Drop<&MatchFields::methods>},
    {"uris", Drop<&MatchFields::uris>},
    {"prompts", Drop<&MatchFields::prompts>},
    {"podSecurity", Drop<&MatchFields::pod_security>},
    {"who", Drop<&MatchFields::who>},
    {"who.users", DropWho<&WhoFields::users>},
    {"who.groups", DropWho<&WhoFields::groups>},
    {"who.kubeUsers", DropWho<&WhoFields::kube_users>},
    {"who.clients", DropWho<&WhoFields::clients>},
    {"when", Drop<&MatchFields::when>},
});

bool IsEmpty(MatchFields match) {
  return std::ranges::none_of(
      kParts, [&](const Part& part) { return part.drop(match); });
}

bool DropUnless(Rule& rule) {
  if (!rule.unless) return false;
  rule.unless.reset();
  return true;
}

bool DropReveal(Rule& rule) { return std::exchange(rule.reveal, false); }

bool DropUntil(Rule& rule) {
  if (!rule.until) return false;
  rule.until.reset();
  return true;
}

bool DropHelm(Rule& rule) { return std::exchange(rule.helm, false); }

bool Enforce(Rule& rule) { return std::exchange(rule.observe, false); }

// To the effect whose mistake would hurt most.
template <Effect From, Effect To>
bool TurnRound(Rule& rule) {
  if (rule.effect != From) return false;
  rule.effect = To;
  if (To != Effect::kAsk) rule.timeout.reset();
  if (To == Effect::kDeny) {
    rule.limit.reset();
    rule.helm = false;
    rule.reveal = false;
    rule.until.reset();
  }
  return true;
}

constexpr std::array kTurns = std::to_array<Change>({
    {"allow made deny", TurnRound<Effect::kAllow, Effect::kDeny>},
    {"ask made allow", TurnRound<Effect::kAsk, Effect::kAllow>},
    {"deny made allow", TurnRound<Effect::kDeny, Effect::kAllow>},
});

constexpr std::array kDrops = std::to_array<Change>({
    {"without unless", DropUnless},
    {"without until", DropUntil},
    {"without helm", DropHelm},
    {"observed made enforced", Enforce},
    {"without reveal", DropReveal},
});

// Every mutant of one rule, which is as it was afterwards.
class RuleMutants {
 public:
  RuleMutants(Mutant& mutant, Rule& rule,
              const std::function<void(const Mutant&)>& visit)
      : mutant_(mutant), rule_(rule), original_(rule), visit_(visit) {}

  void VisitAll() {
    VisitEach(kTurns);
    for (const Part& part : kParts) {
      if (part.drop(rule_.match)) Visit("without " + std::string(part.name));
    }
    VisitEach(kDrops);
    if (rule_.unless) VisitException();
  }

 private:
  void VisitEach(std::span<const Change> changes) {
    for (const Change& change : changes) {
      if (change.apply(rule_)) Visit(std::string(change.name));
    }
  }

  // An exception of nothing would be the rule left out.
  void VisitException() {
    for (const Part& part : kParts) {
      if (part.drop(*rule_.unless) && !IsEmpty(*rule_.unless)) {
        Visit("unless without " + std::string(part.name));
      }
      rule_ = original_;
    }
  }

  void Visit(std::string change) {
    mutant_.change = std::move(change);
    visit_(mutant_);
    rule_ = original_;
  }

  Mutant& mutant_;
  Rule& rule_;
  const Rule original_;
  const std::function<void(const Mutant&)>& visit_;
};

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
      RuleMutants(mutant, rule, visit).VisitAll();
    }
  }
}

}  // namespace gatehouse
