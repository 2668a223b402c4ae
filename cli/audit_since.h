// SPDX-License-Identifier: Apache-2.0
#pragma once
// The argument of --since and --until: how long ago, or which day or instant
// (UTC where no zone is given). Pure.

#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse::cli {

// "90s", "15m", "1h", "7d", "2w" before `now_ns`, "2026-01-31", or
// "2026-01-31T12:00:00Z"; nanoseconds since 1970. nullopt where it is none of
// these.
std::optional<std::int64_t> ReadSince(std::string_view text,
                                      std::int64_t now_ns);

}  // namespace gatehouse::cli
