// SPDX-License-Identifier: Apache-2.0
#pragma once
// Instants of the trail as text. They are nanoseconds since 1970, UTC; the
// order of records is by seq and never by these.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::audit {

inline constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

// RFC 3339 with nine digits: "2026-11-23T05:04:26.123456789Z".
std::string FormatUtc(std::int64_t time_ns);
// How much of it says the day, and the hour: "2026-11-23", "2026-11-23T05".
inline constexpr std::size_t kUtcDayBytes = 10;
inline constexpr std::size_t kUtcHourBytes = 13;

// The inverse: exactly what FormatUtc writes; nullopt for anything else.
std::optional<std::int64_t> ParseUtc(std::string_view text);

std::int64_t NowNanoseconds();

}  // namespace gatehouse::audit
