// SPDX-License-Identifier: Apache-2.0
#pragma once
// Times as people write them in policies and on command lines. Pure: no clock
// and no zone of this machine.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

// "90s", "2m", "1h30m", "14d", "2w"; nullopt for anything else, for nothing,
// and for more than 100 years.
std::optional<std::chrono::seconds> ReadDuration(std::string_view text);

// The shortest such text: "90s", "2m", "14d".
std::string DurationText(std::chrono::seconds duration);

// A whole date, midnight UTC: "2026-11-27".
std::optional<std::chrono::sys_seconds> ReadDate(std::string_view text);

// RFC 3339 with a zone: "2026-11-27T18:00:00Z", "2026-11-27T18:00:00.5+02:00"
// (fractions are cut off). Leap seconds count as the second before.
std::optional<std::chrono::sys_seconds> ReadRfc3339(std::string_view text);

// "2026-11-27T18:00:00Z"
std::string Rfc3339(std::chrono::sys_seconds time);

// Minutes since midnight: "09:30" is 570, "24:00" is 1440.
std::optional<int> ReadClock(std::string_view text);

}  // namespace gatehouse
