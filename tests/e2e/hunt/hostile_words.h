// SPDX-License-Identifier: Apache-2.0
#pragma once
// The hunt's dictionary: values of each role that are well-formed, and values
// that a server or kubectl may read differently than they look. Data only.

#include <span>

namespace gatehouse::testing {

std::span<const char* const> NamespaceWords();
std::span<const char* const> NameWords();
std::span<const char* const> TypeWords();
// Whole arguments of a kubectl command line: flags in odd spellings.
std::span<const char* const> FlagWords();
// Documents of a manifest, and what may stand between two of them.
std::span<const char* const> Documents();
std::span<const char* const> Separators();
// Texts that replace another one inside a document.
struct Swap {
  const char* from;
  const char* to;
};
std::span<const Swap> ManifestSwaps();

}  // namespace gatehouse::testing
