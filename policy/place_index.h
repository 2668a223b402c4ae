// SPDX-License-Identifier: Apache-2.0
#pragma once
// Of some rules, those that can match in one namespace, or an object of one
// name: the last step of rule_index. Rules that give namespaces, else those
// that give names, stand under the literal, or under what stands before a
// glob's first wildcard; all others are candidates everywhere. Leaves out only
// what MatchRule would find false.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/matcher.h"

namespace gatehouse {

struct CompiledRule;
struct Request;

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
  friend class TextIndex;
  friend class PlaceIndex;
  static constexpr std::size_t kMostLists = 20;
  void Add(const RankedRules& list) noexcept;

  std::array<std::span<const RankedRule>, kMostLists> lists_;
  std::size_t count_ = 0;
};

// Rules under one of their fields.
class TextIndex {
 public:
  // False, and nothing done, where it cannot be told what the field's values
  // begin with, or its globs are of too many sizes.
  bool Place(const Patterns& patterns, RankedRule ranked);
  // Those that can match this text.
  void AddTo(PlacedCandidates& candidates,
             std::string_view text) const noexcept;
  const RankedRules& all() const { return all_; }

 private:
  RankedRules all_;
  RulesByText by_literal_;
  RulesByText by_prefix_;
  std::vector<std::size_t> prefix_sizes_;
};

class PlaceIndex {
 public:
  PlaceIndex() = default;
  // `candidates`: indices into `rules`.
  PlaceIndex(const std::vector<CompiledRule>& rules,
             const std::vector<std::uint32_t>& candidates);

  // For a request in one namespace that is known, and not "".
  PlacedCandidates For(const Request& request) const noexcept;

 private:
  void Place(const CompiledRule& rule, RankedRule ranked);

  RankedRules anywhere_;
  TextIndex by_namespace_;
  TextIndex by_name_;
};

}  // namespace gatehouse
