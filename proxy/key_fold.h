// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keys that some reader takes for another key: Go's encoding/json matches
// names without regard to case and folds two further letters to ASCII
// (CVE-2026-27896). Known keys are ASCII, so a small table serves: letters'
// case, U+017F (long s), U+212A (Kelvin sign) and the full-width letters.
// Used by proxy/message and proxy/argument_names.

#include <span>
#include <string>
#include <string_view>

#include "policy/json_value_fwd.h"

namespace gatehouse {

// `key` with every letter of the table as a lower-case ASCII letter; all other
// bytes as they are.
std::string FoldKey(std::string_view key);

// The known key that `key` folds to without being identical to any known one;
// "" where there is none. `known` are ASCII.
std::string_view FoldsOnto(std::string_view key,
                           std::span<const std::string_view> known);

// The first member of `object` with such a key: the known key it resembles;
// "" where there is none or `object` is no object.
std::string_view FindFoldedMember(const JsonValue& object,
                                  std::span<const std::string_view> known);

}  // namespace gatehouse
