// SPDX-License-Identifier: Apache-2.0
#include "proxy/key_fold.h"

#include <algorithm>
#include <cstddef>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

struct Folded {
  char letter = 0;  // 0: not in the table
  std::size_t length = 0;
};

// The letter that the bytes at the front of `text` (not ASCII) stand for.
Folded FoldWide(std::string_view text) {
  if (text.substr(0, 2) == "\xC5\xBF") return {'s', 2};      // U+017F
  if (text.substr(0, 3) == "\xE2\x84\xAA") return {'k', 3};  // U+212A
  if (text.size() < 3 || text[0] != '\xEF') return {};
  const auto last = static_cast<unsigned char>(text[2]);
  // U+FF21..FF3A are EF BC A1..BA, U+FF41..FF5A are EF BD 81..9A.
  if (text[1] == '\xBC' && last >= 0xA1 && last <= 0xBA) {
    return {static_cast<char>('a' + (last - 0xA1)), 3};
  }
  if (text[1] == '\xBD' && last >= 0x81 && last <= 0x9A) {
    return {static_cast<char>('a' + (last - 0x81)), 3};
  }
  return {};
}

// FoldKey(a) == FoldKey(b), for ASCII `b`, without making either.
bool FoldsEqual(std::string_view a, std::string_view b) {
  std::size_t at = 0;
  for (const char expected : b) {
    if (at >= a.size()) return false;
    Folded folded{LowerAscii(a[at]), 1};
    if (static_cast<unsigned char>(a[at]) >= 0x80) {
      folded = FoldWide(a.substr(at));
    }
    if (folded.length == 0 || folded.letter != LowerAscii(expected)) {
      return false;
    }
    at += folded.length;
  }
  return at == a.size();
}

}  // namespace

std::string FoldKey(std::string_view key) {
  std::string result;
  result.reserve(key.size());
  for (std::size_t at = 0; at < key.size();) {
    const Folded folded = static_cast<unsigned char>(key[at]) >= 0x80
                              ? FoldWide(key.substr(at))
                              : Folded{LowerAscii(key[at]), 1};
    result += folded.length == 0 ? key[at] : folded.letter;
    at += std::max<std::size_t>(folded.length, 1);
  }
  return result;
}

std::string_view FoldsOnto(std::string_view key,
                           std::span<const std::string_view> known) {
  if (std::find(known.begin(), known.end(), key) != known.end()) return {};
  for (const std::string_view candidate : known) {
    if (FoldsEqual(key, candidate)) return candidate;
  }
  return {};
}

std::string_view FindFoldedMember(const JsonValue& object,
                                  std::span<const std::string_view> known) {
  for (const auto& [key, value] : Members(object)) {
    const std::string_view found = FoldsOnto(key, known);
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace gatehouse
