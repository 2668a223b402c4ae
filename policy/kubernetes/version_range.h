// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a server's version is one of those that its profile was checked
// against: ">=1.2 <2". Servers write theirs as they like ("v1.2.3",
// "1.2.3-rc1", "1.2.3.dev0"): what follows the numbers counts for nothing, and
// numbers that are left out are 0.

#include <cstdint>
#include <string_view>

namespace gatehouse {

enum class VersionFit : std::uint8_t { kUnknown = 0, kInside, kOutside };

// `range`: words joined by blanks that must all hold, each a version behind >=,
// <=, >, <, = or nothing, which is =; "any" and "" are all versions. kUnknown
// where one of the two cannot be read.
VersionFit FitOf(std::string_view version, std::string_view range);

}  // namespace gatehouse
