// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_index.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "policy/rule_match.h"

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

using Bindings = std::vector<std::set<std::string>>;  // of each rule

// Lists by resource, in the order of `covering`.
VerbIndex IndexVerb(const std::vector<CompiledRule>& rules,
                    const RuleList& covering, const Bindings& bindings) {
  VerbIndex index;
  index.every = covering;
  std::map<std::string, RuleList> by_resource;
  RuleList& generic = index.generic.all;
  for (const std::uint32_t rule : covering) {
    for (const std::string& name : bindings[rule]) {
      by_resource.try_emplace(name, generic).first->second.push_back(rule);
    }
    if (!bindings[rule].empty()) continue;
    generic.push_back(rule);
    for (auto& [name, list] : by_resource) list.push_back(rule);
  }
  index.generic.places = PlaceIndex(rules, generic);
  for (auto& [name, list] : by_resource) {
    PlaceIndex places(rules, list);
    index.by_resource.emplace_back(
        name, IndexedRules{std::move(list), std::move(places)});
  }
  return index;
}

const IndexedRules& RulesFor(const VerbIndex& verb,
                             const std::string& resource) noexcept {
  const auto found = std::lower_bound(
      verb.by_resource.begin(), verb.by_resource.end(), resource,
      [](const auto& entry, const std::string& name) {
        return entry.first < name;
      });
  const bool bound =
      found != verb.by_resource.end() && found->first == resource;
  return bound ? found->second : verb.generic;
}

}  // namespace

VerbIndexes IndexRules(const std::vector<CompiledRule>& rules) {
  const RuleList order = ByEffect(rules);
  Bindings bindings;
  for (const CompiledRule& rule : rules) bindings.push_back(BoundTo(rule));
  VerbIndexes index;
  index.indexes.clear();
  for (std::size_t verb = 0; verb < kVerbCount; ++verb) {
    RuleList covering;
    for (std::uint32_t rule : order) {
      // An unknown verb may be any verb.
      const bool covers = verb == 0 || Contains(CoveredVerbs(rules[rule]),
                                                static_cast<Verb>(verb));
      if (covers) covering.push_back(rule);
    }
    // get, list and watch mostly stand together.
    const auto same =
        std::ranges::find(index.indexes, covering, &VerbIndex::every);
    index.of_verb[verb] =
        static_cast<std::uint8_t>(same - index.indexes.begin());
    if (same != index.indexes.end()) continue;
    index.indexes.push_back(IndexVerb(rules, covering, bindings));
  }
  return index;
}

const RuleList& CandidatesFor(const VerbIndexes& index,
                              const Request& request) noexcept {
  const VerbIndex& verb = index.Of(request.verb);
  return request.resource ? RulesFor(verb, *request.resource).all : verb.every;
}

// What field_match.cc's row of namespaces looks at beside the name.
std::optional<PlacedCandidates> CandidatesInPlace(
    const VerbIndexes& index, const Request& request) noexcept {
  const bool placed =
      request.resource && request.namespace_name &&
      !request.namespace_name->empty() && !request.all_namespaces &&
      !request.custom && !IsNamespaceObject(request) &&
      request.verb != Verb::kDiscover && request.verb != Verb::kNone;
  if (!placed) return std::nullopt;
  return RulesFor(index.Of(request.verb), *request.resource)
      .places.For(request);
}

}  // namespace gatehouse
