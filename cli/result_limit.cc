// SPDX-License-Identifier: Apache-2.0
#include "cli/result_limit.h"

#include <array>
#include <charconv>

namespace gatehouse::cli {
namespace {

constexpr std::size_t kSmallest = 1 << 10;
constexpr std::size_t kLargest = std::size_t{1} << 32;

struct Unit {
  std::string_view name;
  std::size_t bytes;
};
constexpr auto kUnits = std::to_array<Unit>(
    {{"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}});

}  // namespace

std::optional<ResultLimit> ReadResultLimit(std::string_view text) {
  if (text == "off") return ResultLimit{kMaxResultBytes, true};
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, count);
  if (fault != std::errc() || count > kLargest) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (unit.name != std::string_view(rest, end)) continue;
    const std::size_t bytes = count * unit.bytes;
    if (bytes < kSmallest || bytes > kLargest) return std::nullopt;
    return ResultLimit{bytes, false};
  }
  return std::nullopt;
}

}  // namespace gatehouse::cli
