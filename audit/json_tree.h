// SPDX-License-Identifier: Apache-2.0
#pragma once
// The structure of a JSON text, in one pass and without building its values.
// Grammar is checked as far as the structure depends on it; what stands inside
// of a number or a string is the reader's before (proxy/server_message), or
// nobody's.

#include "audit/text_tree.h"

namespace gatehouse::audit {

// Reads the value that begins at `at` (blanks before it are skipped) and adds
// its nodes to the tree of that text. Where it ends; npos, and the tree as it
// was, where there is none.
std::size_t ReadJsonTree(std::size_t at, TextTree& tree);

// The same, and where there is none how far the reading came: for whoever tries
// at many places and must not go over the same text again and again.
struct JsonReach {
  bool whole = false;
  std::size_t end = 0;
};
JsonReach TryJsonTree(std::size_t at, TextTree& tree);

// The whole text is one JSON value.
bool IsJsonTree(TextTree& tree);

}  // namespace gatehouse::audit
