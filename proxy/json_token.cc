// SPDX-License-Identifier: Apache-2.0
#include "proxy/json_token.h"

#include <algorithm>
#include <cstddef>

namespace gatehouse {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsHex(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::size_t SkipDigits(std::string_view text, std::size_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

// RFC 8259's number, and nothing after it.
bool IsNumber(std::string_view text) {
  std::size_t at = text.substr(0, 1) == "-" ? 1 : 0;
  const std::size_t whole = SkipDigits(text, at);
  if (whole == at || (text[at] == '0' && whole > at + 1)) return false;
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = SkipDigits(text, at + 1);
    if (fraction == at + 1) return false;
    at = fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = SkipDigits(text, at);
    if (exponent == at) return false;
    at = exponent;
  }
  return at == text.size();
}

// Whether the four bytes after `\u` at `at` are hexadecimal.
bool IsUnicodeEscape(std::string_view text, std::size_t at) {
  if (at + 5 >= text.size()) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at) + 2,
                     text.begin() + static_cast<std::ptrdiff_t>(at) + 6, IsHex);
}

}  // namespace

bool IsJsonString(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
    return false;
  }
  constexpr std::string_view kShort = "\"\\/bfnrt";
  for (std::size_t at = text.find('\\'); at != std::string_view::npos;
       at = text.find('\\', at)) {
    if (at + 2 >= text.size()) return false;  // it escapes the closing quote
    const char next = text[at + 1];
    if (next == 'u') {
      if (!IsUnicodeEscape(text, at)) return false;
      at += 6;
    } else {
      if (kShort.find(next) == std::string_view::npos) return false;
      at += 2;
    }
  }
  return true;
}

bool IsJsonScalar(std::string_view token) {
  if (token.empty()) return false;
  if (token.front() == '"') return IsJsonString(token);
  return token == "true" || token == "false" || token == "null" ||
         IsNumber(token);
}

}  // namespace gatehouse
