// SPDX-License-Identifier: Apache-2.0
#pragma once
// A set of pairs of neighbouring bytes, and the places of a text where one of
// them stands: what secret_gate passes over most bytes with. 32 bytes at a time
// where the processor has AVX2, else byte by byte; both find the same places.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::audit {

// Plain data; const methods from any thread. Cannot fail.
class BytePairs {
 public:
  // Pairs of one group are told apart by half bytes only until the set itself
  // is asked: the more alike they are, the fewer other pairs cost time.
  static constexpr unsigned kGroups = 8;
  void Add(unsigned group, unsigned char first, unsigned char second);
  // Every pair with this second byte.
  void AddBehindAny(unsigned group, unsigned char second);

  bool Has(unsigned char first, unsigned char second) const {
    const unsigned pair = static_cast<unsigned>(first) << 8 | second;
    return (bits_[pair >> 6] >> (pair & 63) & 1) != 0;
  }

  // Calls `visit(at)` for each place in `text` where a pair begins, in order.
  template <typename Visit>
  void ForEach(std::string_view text, Visit visit) const {
    std::size_t from = 0;
    while (true) {
      Block block = Next(text, from);
      if (block.places == 0) return;
      from = block.at + kBlockBytes;
      for (; block.places != 0; block.places &= block.places - 1) {
        const std::size_t at =
            block.at + static_cast<unsigned>(__builtin_ctz(block.places));
        if (Has(Byte(text[at]), Byte(text[at + 1]))) visit(at);
      }
    }
  }

  // For tests: as on a processor without AVX2.
  void UseBytes() { wide_ = false; }

 private:
  static constexpr std::size_t kBlockBytes = 32;
  // A bit for each place from `at` on where a pair may begin; 0: none is left.
  struct Block {
    std::size_t at = 0;
    std::uint32_t places = 0;
  };
  // By the upper and the lower half of a byte: which groups have one so.
  struct Halves {
    alignas(16) std::array<std::uint8_t, 16> low{};
    alignas(16) std::array<std::uint8_t, 16> high{};
  };

  static unsigned char Byte(char c) { return static_cast<unsigned char>(c); }
  static bool HasWide();
  Block Next(std::string_view text, std::size_t from) const;
  Block NextWide(std::string_view text, std::size_t from) const;
  Block NextByte(std::string_view text, std::size_t from) const;

  std::array<std::uint64_t, 1024> bits_{};
  Halves first_;
  Halves second_;
  bool wide_ = HasWide();
};

}  // namespace gatehouse::audit
