// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/version_range.h"

#include <array>
#include <charconv>
#include <compare>
#include <optional>

namespace gatehouse {
namespace {

// Of strangers' texts: no more than a version needs.
constexpr std::size_t kMaxNumbers = 6;
using Numbers = std::array<std::uint32_t, kMaxNumbers>;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

struct Version {
  Numbers numbers = {};
  std::size_t count = 0;
  std::string_view rest;  // "-rc1", ".dev0"
};

std::optional<Version> ReadVersion(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  Version version;
  bool more = true;
  while (more) {
    if (version.count == kMaxNumbers) return std::nullopt;
    if (text.empty() || !IsDigit(text.front())) return std::nullopt;
    std::uint32_t& number = version.numbers[version.count++];
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    more = text.size() > 1 && text[0] == '.' && IsDigit(text[1]);
    if (more) text.remove_prefix(1);
  }
  version.rest = text;
  return version;
}

bool IsLabel(std::string_view rest) {
  return rest.empty() || rest.front() == '-' || rest.front() == '+';
}

// "1.2.3rc1" and "1.2.3.dev0" are versions, a hash such as "1a2b" is none.
std::optional<Numbers> NumbersOf(std::string_view text) {
  const auto version = ReadVersion(text);
  if (!version) return std::nullopt;
  if (!IsLabel(version->rest) && version->count < 2) return std::nullopt;
  return version->numbers;
}

// "1.2.x" is more than one.
std::optional<Numbers> BoundOf(std::string_view text) {
  const auto version = ReadVersion(text);
  if (!version || !IsLabel(version->rest)) return std::nullopt;
  return version->numbers;
}

std::string_view TakeOperator(std::string_view& word) {
  for (const std::string_view sign : {">=", "<=", ">", "<", "="}) {
    if (!word.starts_with(sign)) continue;
    word.remove_prefix(sign.size());
    return sign;
  }
  return "=";
}

bool Holds(std::strong_ordering order, std::string_view sign) {
  if (sign == ">=") return std::is_gteq(order);
  if (sign == "<=") return std::is_lteq(order);
  if (sign == ">") return std::is_gt(order);
  if (sign == "<") return std::is_lt(order);
  return std::is_eq(order);
}

VersionFit FitOfWord(const Numbers& version, std::string_view word) {
  const std::string_view sign = TakeOperator(word);
  const auto bound = BoundOf(word);
  if (!bound) return VersionFit::kUnknown;
  return Holds(version <=> *bound, sign) ? VersionFit::kInside
                                         : VersionFit::kOutside;
}

}  // namespace

VersionFit FitOf(std::string_view version, std::string_view range) {
  const bool all = range.empty() || range == "any";
  if (all || version == range) return VersionFit::kInside;
  const auto numbers = NumbersOf(version);
  if (!numbers) return VersionFit::kUnknown;
  VersionFit fit = VersionFit::kInside;
  while (!range.empty()) {
    const std::size_t blank = range.find(' ');
    const std::string_view word = range.substr(0, blank);
    range.remove_prefix(blank == std::string_view::npos ? range.size()
                                                        : blank + 1);
    if (word.empty()) continue;
    const VersionFit one = FitOfWord(*numbers, word);
    if (one == VersionFit::kUnknown) return one;
    if (one == VersionFit::kOutside) fit = one;
  }
  return fit;
}

}  // namespace gatehouse
