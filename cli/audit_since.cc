// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_since.h"

#include <chrono>

#include "policy/time_text.h"

namespace gatehouse::cli {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

std::optional<std::int64_t> ReadSince(std::string_view text,
                                      std::int64_t now_ns) {
  if (const auto date = ReadDate(text)) {
    return date->time_since_epoch().count() * kSecond;
  }
  if (const auto instant = ReadRfc3339(text)) {
    return instant->time_since_epoch().count() * kSecond;
  }
  const auto back = ReadDuration(text);
  // As far back as the clock reaches, and no farther.
  if (!back || back->count() > now_ns / kSecond) return std::nullopt;
  return now_ns - back->count() * kSecond;
}

}  // namespace gatehouse::cli
