// SPDX-License-Identifier: Apache-2.0
#include "audit/literal_set.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace gatehouse::audit {
namespace {

// Sparse where thousands of texts are in it, and no more than a near cache.
constexpr unsigned kBits = 18;

std::uint32_t StartOf(std::string_view text, std::size_t at) {
  std::uint32_t start = 0;
  std::memcpy(&start, text.data() + at, sizeof(start));
  return start;
}

std::uint32_t Hashed(std::uint32_t start) {
  return start * 0x9E3779B1u >> (32 - kBits);
}

}  // namespace

bool LiteralSet::Add(std::string_view literal) {
  if (literal.size() < kShortest) return false;
  if (!literals_.emplace(literal).second) return false;
  if (bits_.empty()) bits_.assign((1u << kBits) / 64, 0);
  const std::uint32_t start = StartOf(literal, 0);
  const std::uint32_t bit = Hashed(start);
  bits_[bit >> 6] |= std::uint64_t{1} << (bit & 63);
  starts_.insert(start);
  longest_ = std::max(longest_, literal.size());
  return true;
}

// Of the longest that the text begins with; 0 where none does. Many may begin
// alike, as keys do: what stands right before the text in their order shares
// more of it than any other, and no shorter part of that is passed over.
std::size_t LiteralSet::LongestAt(std::string_view text) const {
  text = text.substr(0, longest_);
  while (text.size() >= kShortest) {
    auto before = literals_.upper_bound(text);
    if (before == literals_.begin()) return 0;
    --before;
    const auto differs = std::ranges::mismatch(*before, text).in1;
    const auto shared =
        static_cast<std::size_t>(std::distance(before->begin(), differs));
    if (shared == before->size()) return shared;
    text = text.substr(0, shared);
  }
  return 0;
}

LiteralSet::Found LiteralSet::Find(std::string_view text,
                                   std::size_t from) const {
  if (literals_.empty()) return {};
  for (std::size_t at = from; at + kShortest <= text.size(); ++at) {
    const std::uint32_t start = StartOf(text, at);
    const std::uint32_t bit = Hashed(start);
    if ((bits_[bit >> 6] >> (bit & 63) & 1) == 0) continue;
    if (!starts_.contains(start)) continue;
    const std::size_t longest = LongestAt(text.substr(at));
    if (longest > 0) return {at, at + longest};
  }
  return {};
}

}  // namespace gatehouse::audit
