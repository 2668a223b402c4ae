// SPDX-License-Identifier: Apache-2.0
#pragma once
// The tag of a masked value: equal values have equal ones, and without the key
// nothing can be told from it. Two bytes of SHA-256 over key and value: so few
// that there is nothing to extend, which is what HMAC would be needed for, and
// at a fifth of its cost.

#include <string>
#include <string_view>

#include "audit/digest.h"

namespace gatehouse::audit {

// Owns its key and a hashing context. One thread.
class ValueTag {
 public:
  // `key`: 32 secret bytes.
  explicit ValueTag(std::string key) : key_(std::move(key)) {}

  // Four hexadecimal digits.
  std::string Of(std::string_view value) {
    return Hex(hash_.Add(key_).Add(value).Finish().substr(0, 2));
  }

 private:
  std::string key_;
  Sha256 hash_;
};

}  // namespace gatehouse::audit
