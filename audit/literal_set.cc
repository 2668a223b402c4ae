// SPDX-License-Identifier: Apache-2.0
#include "audit/literal_set.h"

#include <cstring>

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

void LiteralSet::Add(std::string_view literal) {
  if (literal.size() < kShortest) return;
  if (bits_.empty()) bits_.assign((1u << kBits) / 64, 0);
  const std::uint32_t start = StartOf(literal, 0);
  const std::uint32_t bit = Hashed(start);
  bits_[bit >> 6] |= std::uint64_t{1} << (bit & 63);
  starts_[start].push_back(static_cast<std::uint32_t>(literals_.size()));
  literals_.emplace_back(literal);
}

LiteralSet::Found LiteralSet::Find(std::string_view text,
                                   std::size_t from) const {
  if (literals_.empty()) return {};
  for (std::size_t at = from; at + kShortest <= text.size(); ++at) {
    const std::uint32_t start = StartOf(text, at);
    const std::uint32_t bit = Hashed(start);
    if ((bits_[bit >> 6] >> (bit & 63) & 1) == 0) continue;
    const auto found = starts_.find(start);
    if (found == starts_.end()) continue;
    std::size_t longest = 0;
    for (const std::uint32_t index : found->second) {
      const std::string& literal = literals_[index];
      if (literal.size() > longest && text.substr(at).starts_with(literal)) {
        longest = literal.size();
      }
    }
    if (longest > 0) return {at, at + longest};
  }
  return {};
}

}  // namespace gatehouse::audit
