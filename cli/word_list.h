// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lists of words in columns of a terminal, for what is no table (table.h).
// Makes text; widths count bytes, since the words are names.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::cli {

// "a, b, c" in lines of at most `width`, each word whole where it fits; never
// empty.
std::vector<std::string> Wrapped(const std::vector<std::string>& words,
                                 std::size_t width);

// "a, b, c"; "" and "none" of no words.
std::string Joined(const std::vector<std::string>& words);
std::string JoinedOrNone(const std::vector<std::string>& words);

// "1 call", "2 calls".
std::string Calls(std::size_t number);

// With blanks up to `width`.
std::string Padded(std::string_view text, std::size_t width);

}  // namespace gatehouse::cli
