// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether bytes that come in pieces are UTF-8, strictly: no overlong forms, no
// surrogates. A character may be cut anywhere.

#include <string_view>

namespace gatehouse {

// Remembers what the character that is cut off may go on with. One thread.
class Utf8Stream {
 public:
  // False once anything was wrong; what is asked after that is unspecified.
  bool Feed(std::string_view piece);
  // No character is cut off.
  bool Complete() const { return left_ == 0; }

 private:
  bool Begin(unsigned char lead);

  int left_ = 0;           // bytes of the character that are to come
  unsigned char low_ = 0;  // what the next of them may be
  unsigned char high_ = 0xFF;
};

// Of the whole of a text.
bool IsUtf8(std::string_view text);

}  // namespace gatehouse
