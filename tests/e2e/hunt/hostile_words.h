// SPDX-License-Identifier: Apache-2.0
#pragma once
// The hunt's dictionary, from hostile_words.json: values of each role that are
// well-formed, and values that a server or kubectl may read differently than
// they look.

#include <string>
#include <utility>
#include <vector>

namespace gatehouse::testing {

struct HostileWords {
  std::vector<std::string> namespaces;
  std::vector<std::string> names;
  std::vector<std::string> types;
  // Whole arguments of a kubectl command line: flags in odd spellings.
  std::vector<std::string> flags;
  // Documents of a manifest, and what may stand between two of them.
  std::vector<std::string> documents;
  std::vector<std::string> separators;
  // Texts of a document, and what they are replaced by.
  std::vector<std::pair<std::string, std::string>> swaps;
};

// Read once. Aborts where the file is missing or no such JSON: it belongs to
// the tests.
const HostileWords& Dictionary();

}  // namespace gatehouse::testing
