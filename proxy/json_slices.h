// SPDX-License-Identifier: Apache-2.0
#pragma once
// A JSON text taken apart without being parsed: the members of an object and
// the elements of an array as they stand, so that a list can lose entries and
// the others stay byte for byte. Only for text that was validated before
// (server_message.h); what is found in other text is unspecified, and bounded
// by it.

#include <string_view>
#include <vector>

namespace gatehouse {

struct JsonSlice {
  std::string_view key;    // as it stands, between its quotes
  std::string_view value;  // without blanks around it
};

// Empty where `object` is none, or has no members. Borrows from it.
std::vector<JsonSlice> ObjectSlices(std::string_view object);
// Likewise for an array's elements.
std::vector<std::string_view> ArraySlices(std::string_view array);

}  // namespace gatehouse
