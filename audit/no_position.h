// SPDX-License-Identifier: Apache-2.0
#pragma once
// "Nowhere", of what is sought in a text.

#include <string_view>

namespace gatehouse::audit {

inline constexpr auto kNone = std::string_view::npos;

}  // namespace gatehouse::audit
