// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the names of keys, flags and variables are made of, wherever a secret is
// looked for by the word before it. One table, so that what secret_gate takes
// for a name is what redact_text takes for one. Pure.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::audit {

constexpr std::array<bool, 256> MakeNameLetters() {
  std::array<bool, 256> letters{};
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-_.")) {
    letters[static_cast<unsigned char>(c)] = true;
  }
  return letters;
}
inline constexpr std::array<bool, 256> kNameLetters = MakeNameLetters();

// Longer ones are no names.
inline constexpr std::size_t kMaxNameBytes = 128;

inline bool IsNameLetter(char c) {
  return kNameLetters[static_cast<unsigned char>(c)];
}

// Of ASCII, whatever the locale.
constexpr char LowerLetter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool EqualFolded(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return LowerLetter(x) == LowerLetter(y);
  });
}

// A set of bytes, for what std::string_view::find_first_of is too slow at.
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view bytes) {
    for (const char c : bytes) in_[static_cast<unsigned char>(c)] = true;
  }
  bool Has(char c) const { return in_[static_cast<unsigned char>(c)]; }
  // The first of them at or after `from`; the text's size where there is none.
  std::size_t Find(std::string_view text, std::size_t from = 0) const {
    while (from < text.size() && !Has(text[from])) ++from;
    return from;
  }

  // The first that is none of them.
  std::size_t FindNot(std::string_view text, std::size_t from) const {
    while (from < text.size() && Has(text[from])) ++from;
    return from;
  }

 private:
  std::array<bool, 256> in_{};
};

// The last three letters or digits of a name as a number, of either case the
// same; kNoNameEnd where there are fewer.
inline constexpr std::size_t kNameEnds = std::size_t{37} * 37 * 37;
inline constexpr std::size_t kNoNameEnd = 0;

constexpr std::array<std::uint8_t, 256> MakeEndValues() {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t i = 0; i < 26; ++i) {
    values[static_cast<std::size_t>('a' + i)] = i + 1;
    values[static_cast<std::size_t>('A' + i)] = i + 1;
  }
  for (std::uint8_t i = 0; i < 10; ++i) {
    values[static_cast<std::size_t>('0' + i)] = i + 27;
  }
  return values;
}
inline constexpr std::array<std::uint8_t, 256> kEndValues = MakeEndValues();

inline std::size_t NameEndOf(std::string_view name) {
  std::size_t index = 0;
  int count = 0;
  for (std::size_t i = name.size(); i-- > 0;) {
    const std::size_t value = kEndValues[static_cast<unsigned char>(name[i])];
    if (value == 0) continue;
    index = index * 37 + value;
    if (++count == 3) return index;
  }
  return kNoNameEnd;
}

}  // namespace gatehouse::audit
