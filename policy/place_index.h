// SPDX-License-Identifier: Apache-2.0
#pragma once
// Of some rules, those that can match in one namespace: the last step of
// rule_index. Rules that name namespaces stand under the literal, or under what
// stands before a glob's first wildcard; all others are candidates everywhere.
// Leaves out only what MatchRule would find false.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gatehouse {

struct CompiledRule;

// A rule's effect and its index in the policy, so that sorting puts denies
// before asks before allows, each in the order of the file.
using RankedRule = std::uint32_t;
using RankedRules = std::vector<RankedRule>;
inline constexpr unsigned kRankShift = 30;
RankedRule RankOf(const CompiledRule& rule, std::uint32_t index);
inline std::uint32_t IndexOf(RankedRule ranked) {
  return ranked & ((RankedRule{1} << kRankShift) - 1);
}

// Found without making a string.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>()(text);
  }
};
using RulesByText =
    std::unordered_map<std::string, RankedRules, TextHash, std::equal_to<>>;

class PlaceIndex;

// The candidates one after another, each once, strictest first. Borrows the
// index that it comes from.
class PlacedCandidates {
 public:
  // False at the end.
  bool Next(std::uint32_t& rule) noexcept;

 private:
  friend class PlaceIndex;
  static constexpr std::size_t kMostLists = 10;
  void Add(const RankedRules& list) noexcept;

  std::array<std::span<const RankedRule>, kMostLists> lists_;
  std::size_t count_ = 0;
};

class PlaceIndex {
 public:
  PlaceIndex() = default;
  // `candidates`: indices into `rules`.
  PlaceIndex(const std::vector<CompiledRule>& rules,
             const std::vector<std::uint32_t>& candidates);

  // `namespace_name`: one that is known, and not "".
  PlacedCandidates In(std::string_view namespace_name) const noexcept;

 private:
  void Place(const CompiledRule& rule, RankedRule ranked);

  RankedRules anywhere_;
  RulesByText by_name_;
  RulesByText by_prefix_;
  std::vector<std::size_t> prefix_sizes_;
};

}  // namespace gatehouse
