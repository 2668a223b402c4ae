// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tests of masking share: the key of a session, a secret that must not
// come out, and an answer with one text.

#include <string>

#include "audit/json_string.h"

namespace gatehouse::audit {

inline const std::string kKey(32, 'k');
inline const std::string kCanary = "c4n4ry-S3cret";

inline std::string LineOf(const std::string& result) {
  return R"({"jsonrpc":"2.0","id":1,"result":)" + result + "}";
}

inline std::string TextLine(const std::string& text) {
  return LineOf(R"({"content":[{"type":"text","text":)" + QuoteJson(text) +
                "}]}");
}

}  // namespace gatehouse::audit
