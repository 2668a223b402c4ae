// SPDX-License-Identifier: Apache-2.0
#pragma once
// The grammar of JSON's scalars, for a walk that looks at tokens and builds
// nothing (server_message.h). Accepts what RFC 8259 does, lone surrogates
// included; UTF-8 and control characters were checked before.

#include <string_view>

namespace gatehouse {

// `text` stands between two quotes, and every escape in it is one of JSON's.
bool IsJsonString(std::string_view text);
// A string, number, true, false or null, and nothing after it.
bool IsJsonScalar(std::string_view text);

}  // namespace gatehouse
