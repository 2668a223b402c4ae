// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether bytes that come in pieces are UTF-8, strictly: no overlong forms, no
// surrogates. A character may be cut anywhere. The other door to simdjson, for
// its validator.

#include <string>
#include <string_view>

namespace gatehouse {

// Owns up to three bytes of a cut character. One thread.
class Utf8Stream {
 public:
  // False once anything was wrong; what is asked after that is unspecified.
  bool Feed(std::string_view piece);
  // No character is cut off.
  bool Complete() const { return tail_.empty(); }

 private:
  std::string tail_;
};

}  // namespace gatehouse
