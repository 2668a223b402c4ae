// SPDX-License-Identifier: Apache-2.0
#include "audit/base64.h"

#include <cstddef>
#include <cstdint>

namespace gatehouse::audit {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<std::uint32_t> ValueOf(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return std::nullopt;
}

}  // namespace

std::string ToBase64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto byte = i + k < bytes.size()
                            ? static_cast<unsigned char>(bytes[i + k])
                            : static_cast<unsigned char>(0);
      group = group << 8 | byte;
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > bytes.size();
      out += padding ? '=' : kLetters[group >> (18 - 6 * k) & 63];
    }
  }
  return out;
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    const auto value = ValueOf(c);
    if (!value && c != '=') return std::nullopt;
    if (value && padding > 0) return std::nullopt;
    if (!value) ++padding;
    group = group << 6 | value.value_or(0);
    if (++digits % 4 != 0) continue;
    for (std::size_t k = 0; k + padding < 3; ++k) {
      out += static_cast<char>(group >> (16 - 8 * k) & 0xFF);
    }
    group = 0;
  }
  if (digits == 0 || digits % 4 != 0 || padding > 2) return std::nullopt;
  return out;
}

}  // namespace gatehouse::audit
