// SPDX-License-Identifier: Apache-2.0
#pragma once
// The text of a JSON string, out of its escapes and back into them. Lone
// surrogates (a server may cut a text anywhere) come through: as three bytes
// that no UTF-8 has. Only what JSON requires is escaped, so that a text with
// one masked word stays readable. Pure.

#include <string>
#include <string_view>

#include "audit/text_edits.h"

namespace gatehouse::audit {

// `escaped`: what stands between the quotes. A broken escape is kept as it is.
std::string UnescapeJson(std::string_view escaped);

// Edits of what `escaped` says, as edits of `escaped` itself: what stands
// between them keeps the escapes that it has.
Edits EscapedEdits(std::string_view escaped, const Edits& edits);

// With its quotes.
std::string QuoteJson(std::string_view text);

}  // namespace gatehouse::audit
