// SPDX-License-Identifier: Apache-2.0
#pragma once
// Characters of a text that a person does not see and a model or a terminal
// acts on: terminal escapes and other control characters, bidirectional and
// zero-width controls, Unicode tags, selectors that carry hidden bytes. Pure.
//
// Kept: tab and line breaks; joiners between two emoji, or two letters of a
// script that needs them (Arabic, the Indic ones); one emoji selector behind an
// emoji. A flag made of tags (Scotland) becomes the black flag that it is built
// on.

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::audit {

// A code point (also half of a pair) that is a control wherever it stands, or
// may be one by its neighbours.
bool IsControl(std::uint32_t point);
// The same of the UTF-8 sequence that `bytes` begin with.
bool BeginsControl(std::string_view bytes);

struct StrippedText {
  std::string text;
  std::uint64_t controls = 0;  // how many there were
};

// A terminal escape goes as a whole, with its parameters.
StrippedText StripControls(std::string_view text);

}  // namespace gatehouse::audit
