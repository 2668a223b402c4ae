// SPDX-License-Identifier: Apache-2.0
// Half a byte looks its groups up in a table of 16 (one instruction for 32
// bytes); a pair may stand where a group is common to all four halves.
#include "audit/byte_pairs.h"

#include <algorithm>

#ifdef __x86_64__
#include <immintrin.h>
// The header's word, which clang has in C only.
#define _Bool bool  // NOLINT(bugprone-reserved-identifier)
#include <sys/platform/x86.h>
#undef _Bool
#endif

namespace gatehouse::audit {

void BytePairs::Add(unsigned group, unsigned char first, unsigned char second) {
  const unsigned pair = static_cast<unsigned>(first) << 8 | second;
  bits_[pair >> 6] |= std::uint64_t{1} << (pair & 63);
  const auto bit = static_cast<std::uint8_t>(1u << group);
  first_.low[first & 15] |= bit;
  first_.high[first >> 4] |= bit;
  second_.low[second & 15] |= bit;
  second_.high[second >> 4] |= bit;
}

void BytePairs::AddBehindAny(unsigned group, unsigned char second) {
  const std::uint64_t pair = std::uint64_t{1} << (second & 63);
  for (std::size_t i = second >> 6; i < bits_.size(); i += 4) bits_[i] |= pair;
  const auto bit = static_cast<std::uint8_t>(1u << group);
  for (std::uint8_t& groups : first_.low) groups |= bit;
  for (std::uint8_t& groups : first_.high) groups |= bit;
  second_.low[second & 15] |= bit;
  second_.high[second >> 4] |= bit;
}

BytePairs::Block BytePairs::Next(std::string_view text,
                                 std::size_t from) const {
  return wide_ ? NextWide(text, from) : NextByte(text, from);
}

BytePairs::Block BytePairs::NextByte(std::string_view text,
                                     std::size_t from) const {
  for (std::size_t at = from; at + 1 < text.size(); at += kBlockBytes) {
    Block block{at, 0};
    const std::size_t count = std::min(kBlockBytes, text.size() - at - 1);
    for (std::size_t i = 0; i < count; ++i) {
      const bool has = Has(Byte(text[at + i]), Byte(text[at + i + 1]));
      block.places |= static_cast<std::uint32_t>(has) << i;
    }
    if (block.places != 0) return block;
  }
  return {};
}

#ifdef __x86_64__

// What libc found out at its start. The compiler's own way asks the processor
// again, before main, and each question is 4 us in a virtual machine.
bool BytePairs::HasWide() { return CPU_FEATURE_ACTIVE(AVX2) != 0; }

namespace {

__attribute__((target("avx2"))) __m256i Table(
    const std::array<std::uint8_t, 16>& half) {
  return _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(half.data())));
}

__attribute__((target("avx2"))) __m256i GroupsOf(__m256i bytes, __m256i low,
                                                 __m256i high) {
  const __m256i half = _mm256_set1_epi8(15);
  return _mm256_and_si256(
      _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half)),
      _mm256_shuffle_epi8(high,
                          _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
}

}  // namespace

__attribute__((target("avx2"))) BytePairs::Block BytePairs::NextWide(
    std::string_view text, std::size_t from) const {
  const __m256i first_low = Table(first_.low);
  const __m256i first_high = Table(first_.high);
  const __m256i second_low = Table(second_.low);
  const __m256i second_high = Table(second_.high);
  for (; from + kBlockBytes < text.size(); from += kBlockBytes) {
    const auto* at = reinterpret_cast<const __m256i*>(text.data() + from);
    const auto* behind =
        reinterpret_cast<const __m256i*>(text.data() + from + 1);
    const __m256i groups = _mm256_and_si256(
        GroupsOf(_mm256_loadu_si256(at), first_low, first_high),
        GroupsOf(_mm256_loadu_si256(behind), second_low, second_high));
    const auto none = static_cast<std::uint32_t>(_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(groups, _mm256_setzero_si256())));
    if (none != ~std::uint32_t{0}) return {from, ~none};
  }
  return NextByte(text, from);
}

#else

bool BytePairs::HasWide() { return false; }

BytePairs::Block BytePairs::NextWide(std::string_view text,
                                     std::size_t from) const {
  return NextByte(text, from);
}

#endif

}  // namespace gatehouse::audit
