// SPDX-License-Identifier: Apache-2.0
#pragma once
// Drafts a profile from what a server lists: names of tools and arguments, and
// the types of their schemas. Nothing else is looked at (annotations and
// descriptions are the server's own claims), and nothing is guessed to be
// harmless: each tool is marked unclear, so that every call of it is refused,
// until a person has written what it does. What an argument's name suggests
// stands beside it as a comment.

#include <string>
#include <string_view>
#include <vector>

#include "policy/json_value.h"

namespace gatehouse {

struct DraftSource {
  std::string server;   // the profile's name
  std::string version;  // what the server says of itself
  // What starts it: a field of the profile's `identify`, and a name.
  std::string identify_field = "programs";
  std::string identify_name;
  std::vector<JsonValue> tools;  // entries of tools/list
};

// The text of a profile that ReadProfile accepts, whatever the source holds.
std::string DraftProfile(const DraftSource& source);

// "my-server" of "@scope/My_Server.js": what may be a profile's name.
std::string ProfileNameFrom(std::string_view program);

}  // namespace gatehouse
