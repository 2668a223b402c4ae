// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the names of keys, flags and variables are made of, wherever a secret is
// looked for by the word before it. One table, so that what secret_gate takes
// for a name is what redact_text takes for one.

#include <array>
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

inline bool IsNameLetter(char c) {
  return kNameLetters[static_cast<unsigned char>(c)];
}

}  // namespace gatehouse::audit
