// SPDX-License-Identifier: Apache-2.0
// How plain YAML scalars are typed by readers of YAML 1.1 and 1.2, and thus
// which of them every reader takes for the same thing.
#include <algorithm>
#include <array>
#include <string_view>

#include "policy/document.h"
#include "policy/json_value.h"

namespace gatehouse {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t N>
bool OneOf(std::string_view word,
           const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Most words of a policy, told apart by a look: numbers begin with no letter,
// and what else is no string is short and begins with one of these.
bool IsCertainlyString(std::string_view word) {
  constexpr std::string_view kInitials = "fFnNoOtTyY";
  constexpr std::size_t kLongest = 5;  // "false"
  if (word.empty()) return false;
  const char first = word.front();
  const bool letter =
      (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  return letter && (word.size() > kLongest ||
                    kInitials.find(first) == std::string_view::npos);
}

bool IsBoolWord(std::string_view word) {
  return OneOf(word, std::array<std::string_view, 6>{
                         "true", "True", "TRUE", "false", "False", "FALSE"});
}

// Booleans in YAML 1.1 only, in any case: readers differ there too.
bool IsOldBoolWord(std::string_view word) {
  if (word.size() > 3) return false;
  std::string lower(word);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return OneOf(
      std::string_view(lower),
      std::array<std::string_view, 6>{"y", "n", "yes", "no", "on", "off"});
}

bool IsDecimalInteger(std::string_view word) {
  if (word.starts_with('-')) word.remove_prefix(1);
  if (word.empty() || !std::all_of(word.begin(), word.end(), IsDigit)) {
    return false;
  }
  return word == "0" || word.front() != '0';
}

// 1.5, 1.5e3: no sign before it but "-", a digit on both sides of the point.
bool IsDecimalFraction(std::string_view word) {
  if (word.starts_with('-')) word.remove_prefix(1);
  const std::size_t point = word.find('.');
  if (point == std::string_view::npos || point == 0) return false;
  const std::string_view whole = word.substr(0, point);
  const std::string_view part = word.substr(point + 1);
  return IsDecimalInteger(whole) && !whole.starts_with('-') && !part.empty() &&
         std::all_of(part.begin(), part.end(), IsDigit);
}

std::string_view WithoutSign(std::string_view word) {
  if (word.starts_with('-') || word.starts_with('+')) word.remove_prefix(1);
  return word;
}

// Everything that some reader might take for a number or a date begins like
// one, and has only the characters of its notation: `1.2.3`, `10Gi`, `3a` and
// the tokens that are hexadecimal digits are certainly strings.
bool BeginsLikeNumber(std::string_view word) {
  word = WithoutSign(word);
  if (word.starts_with('.')) word.remove_prefix(1);
  return !word.empty() && IsDigit(word.front());
}

std::string_view CharactersOfNumber(std::string_view word) {
  word = WithoutSign(word);
  if (word.starts_with("0x") || word.starts_with("0X")) {
    return "0123456789abcdefABCDEFxX_+-";
  }
  if (word.starts_with("0b") || word.starts_with("0B")) return "01bB_+-";
  return "0123456789eEoO_+-.:TtZz ";
}

bool OnlyNumberCharacters(std::string_view word) {
  return word.find_first_not_of(CharactersOfNumber(word)) ==
         std::string_view::npos;
}

bool IsFloatWord(std::string_view word) {
  if (word.starts_with('-') || word.starts_with('+')) word.remove_prefix(1);
  return OneOf(word, std::array<std::string_view, 6>{".inf", ".Inf", ".INF",
                                                     ".nan", ".NaN", ".NAN"});
}

bool MayBeNumberOrDate(std::string_view word) {
  return IsFloatWord(word) ||
         (BeginsLikeNumber(word) && OnlyNumberCharacters(word));
}

}  // namespace

bool IsNullWord(std::string_view word) {
  return OneOf(
      word, std::array<std::string_view, 5>{"", "~", "null", "Null", "NULL"});
}

const YamlNode* YamlNode::Find(std::string_view key) const {
  for (const YamlMember& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::optional<bool> YamlNode::AsBool() const {
  if (kind != NodeKind::kScalar || quoted) return std::nullopt;
  if (scalar == "true") return true;
  if (scalar == "false") return false;
  return std::nullopt;
}

bool YamlNode::IsAmbiguousScalar() const {
  if (kind != NodeKind::kScalar || quoted) return false;
  if (IsCertainlyString(scalar)) return false;
  if (IsOldBoolWord(scalar) || scalar == "=" || scalar == "<<") return true;
  return MayBeNumberOrDate(scalar) && !IsDecimalInteger(scalar) &&
         !IsDecimalFraction(scalar) && !IsFloatWord(scalar);
}

bool YamlNode::IsString() const {
  if (kind != NodeKind::kScalar) return false;
  if (quoted || IsCertainlyString(scalar)) return true;
  return !IsNullWord(scalar) && !IsBoolWord(scalar) &&
         !MayBeNumberOrDate(scalar) && !IsAmbiguousScalar();
}

}  // namespace gatehouse
