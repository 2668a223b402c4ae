// SPDX-License-Identifier: Apache-2.0
#pragma once
// Base64 (RFC 4648) as Kubernetes writes it. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::audit {

std::string ToBase64(std::string_view bytes);

// nullopt where it is none: padding is required, line breaks are stepped over.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace gatehouse::audit
