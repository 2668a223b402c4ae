// SPDX-License-Identifier: Apache-2.0
#include "policy/place_index.h"

#include <algorithm>

#include "policy/compiled_policy.h"

namespace gatehouse {
namespace {

// What every value of a glob begins with; of an expression, nothing is known.
std::string_view PrefixOf(const Pattern& pattern) {
  const std::string_view text = pattern.text();
  if (pattern.IsLiteral()) return text;
  if (text.starts_with('/')) return "";
  const auto wildcard = [](char c) { return c == '*' || c == '?'; };
  const auto end = std::find_if(text.begin(), text.end(), wildcard);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

}  // namespace

RankedRule RankOf(const CompiledRule& rule, std::uint32_t index) {
  return static_cast<RankedRule>(rule.effect) << kRankShift | index;
}

bool PlacedCandidates::Next(std::uint32_t& rule) noexcept {
  RankedRule least = ~RankedRule{0};
  for (std::size_t i = 0; i < count_; ++i) {
    if (!lists_[i].empty()) least = std::min(least, lists_[i].front());
  }
  if (least == ~RankedRule{0}) return false;
  // A rule of several patterns may stand in several lists.
  for (std::size_t i = 0; i < count_; ++i) {
    std::span<const RankedRule>& list = lists_[i];
    if (!list.empty() && list.front() == least) list = list.subspan(1);
  }
  rule = IndexOf(least);
  return true;
}

void PlacedCandidates::Add(const RankedRules& list) noexcept {
  lists_[count_++] = list;
}

PlaceIndex::PlaceIndex(const std::vector<CompiledRule>& rules,
                       const std::vector<std::uint32_t>& candidates) {
  RankedRules ranked;
  for (const std::uint32_t index : candidates) {
    ranked.push_back(RankOf(rules[index], index));
  }
  std::sort(ranked.begin(), ranked.end());
  for (const RankedRule each : ranked) Place(rules[IndexOf(each)], each);
}

bool TextIndex::Place(const Patterns& patterns, RankedRule ranked) {
  // Two indices of these, one list of literals in each, and `anywhere`.
  constexpr std::size_t kMostSizes = PlacedCandidates::kMostLists / 2 - 2;
  const std::size_t sizes = prefix_sizes_.size();
  bool told = true;
  for (const Pattern& pattern : patterns) {
    const std::size_t size = PrefixOf(pattern).size();
    told = told && size > 0;
    if (!pattern.IsLiteral() && !std::ranges::count(prefix_sizes_, size)) {
      prefix_sizes_.push_back(size);
    }
  }
  if (!told || prefix_sizes_.size() > kMostSizes) {
    prefix_sizes_.resize(sizes);
    return false;
  }
  all_.push_back(ranked);
  for (const Pattern& pattern : patterns) {
    RulesByText& by = pattern.IsLiteral() ? by_literal_ : by_prefix_;
    RankedRules& list = by[std::string(PrefixOf(pattern))];
    if (list.empty() || list.back() != ranked) list.push_back(ranked);
  }
  return true;
}

void TextIndex::AddTo(PlacedCandidates& candidates,
                      std::string_view text) const noexcept {
  const auto add = [&](const RulesByText& by, std::string_view key) {
    const auto found = by.find(key);
    if (found != by.end()) candidates.Add(found->second);
  };
  add(by_literal_, text);
  for (const std::size_t size : prefix_sizes_) {
    if (size <= text.size()) add(by_prefix_, text.substr(0, size));
  }
}

void PlaceIndex::Place(const CompiledRule& rule, RankedRule ranked) {
  const CompiledMatch& match = rule.match;
  const bool placed =
      (match.namespaces &&
       by_namespace_.Place(match.namespaces->patterns, ranked)) ||
      (match.names && by_name_.Place(*match.names, ranked));
  if (!placed) anywhere_.push_back(ranked);
}

PlacedCandidates PlaceIndex::For(const Request& request) const noexcept {
  PlacedCandidates candidates;
  candidates.Add(anywhere_);
  by_namespace_.AddTo(candidates, *request.namespace_name);
  // A request without a name may be about any object.
  const bool named = request.name && !request.name->empty();
  if (named) {
    by_name_.AddTo(candidates, *request.name);
  } else {
    candidates.Add(by_name_.all());
  }
  return candidates;
}

}  // namespace gatehouse
