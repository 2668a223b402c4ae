// SPDX-License-Identifier: Apache-2.0
#pragma once
// `--max-result BYTES|off`: how much of an answer the guard holds while it is
// read. Read here, enforced by proxy/return_gate.

#include <optional>
#include <string_view>

#include "proxy/return_gate.h"

namespace gatehouse::cli {

// "10485760", "64KiB", "10MiB", "1GiB", at least 1 KiB; or "off". nullopt for
// everything else.
std::optional<ResultLimit> ReadResultLimit(std::string_view text);

}  // namespace gatehouse::cli
