// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_index.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace gatehouse {
namespace {

VerbSet CoveredVerbs(const CompiledRule& rule) {
  VerbSet verbs = rule.verbs;
  if (rule.helm && (verbs & kHelmChanges) == kHelmChanges) {
    verbs |= SetOf(Verb::kUnclear) | SetOf(Verb::kGet) | SetOf(Verb::kList) |
             SetOf(Verb::kWatch);
  }
  if (!rule.match.resources) return verbs;
  for (const ResourcePattern& pattern : *rule.match.resources) {
    verbs |= pattern.extra_verbs;
  }
  return verbs;
}

// The resources that a rule is bound to; empty where it may match any.
std::set<std::string> BoundTo(const CompiledRule& rule) {
  std::set<std::string> resources;
  if (!rule.match.resources) return resources;
  for (const ResourcePattern& pattern : *rule.match.resources) {
    if (!pattern.resource.IsLiteral()) return {};
    resources.insert(pattern.resource.text());
  }
  return resources;
}

RuleList ByEffect(const std::vector<CompiledRule>& rules) {
  RuleList order;
  for (std::uint32_t i = 0; i < rules.size(); ++i) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) {
                     return rules[a].effect < rules[b].effect;
                   });
  return order;
}

VerbIndex IndexVerb(const std::vector<CompiledRule>& rules,
                    const RuleList& covering) {
  VerbIndex index;
  index.every = covering;
  std::map<std::string, RuleList> by_resource;
  for (std::uint32_t rule : covering) {
    for (const std::string& name : BoundTo(rules[rule])) by_resource[name];
  }
  for (std::uint32_t rule : covering) {
    const std::set<std::string> bound = BoundTo(rules[rule]);
    if (bound.empty()) index.generic.push_back(rule);
    for (auto& [name, list] : by_resource) {
      if (bound.empty() || bound.contains(name)) list.push_back(rule);
    }
  }
  index.by_resource.assign(by_resource.begin(), by_resource.end());
  return index;
}

}  // namespace

std::array<VerbIndex, kVerbCount> IndexRules(
    const std::vector<CompiledRule>& rules) {
  const RuleList order = ByEffect(rules);
  std::array<VerbIndex, kVerbCount> index;
  for (std::size_t verb = 0; verb < kVerbCount; ++verb) {
    RuleList covering;
    for (std::uint32_t rule : order) {
      // An unknown verb may be any verb.
      const bool covers = verb == 0 || Contains(CoveredVerbs(rules[rule]),
                                                static_cast<Verb>(verb));
      if (covers) covering.push_back(rule);
    }
    index[verb] = IndexVerb(rules, covering);
  }
  return index;
}

const RuleList& CandidatesFor(const std::array<VerbIndex, kVerbCount>& index,
                              const Request& request) noexcept {
  const VerbIndex& verb = index[static_cast<std::size_t>(request.verb)];
  if (!request.resource) return verb.every;
  const auto found = std::lower_bound(
      verb.by_resource.begin(), verb.by_resource.end(), *request.resource,
      [](const auto& entry, const std::string& name) {
        return entry.first < name;
      });
  const bool bound =
      found != verb.by_resource.end() && found->first == *request.resource;
  return bound ? found->second : verb.generic;
}

}  // namespace gatehouse
