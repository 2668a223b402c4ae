// SPDX-License-Identifier: Apache-2.0
#pragma once
// One entry of a server's tools/list as far as the guard looks at it: a name,
// the arguments it declares, and its definition as one canonical text that can
// be hashed and compared. Nothing of it is believed: what a tool does stands in
// the profile.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/json_value_fwd.h"

namespace gatehouse {

// MCP: 1 to 128 of A-Z a-z 0-9 _ . -; the guard lets no other be called.
bool IsToolName(std::string_view name);

struct ListedTool {
  std::string name;
  std::vector<std::string> arguments;  // of inputSchema.properties
  // Canonical JSON of name, title, description, inputSchema, outputSchema and
  // annotations, keys sorted: servers write maps in any order.
  std::string definition;
};

// nullopt where the entry is no object with a tool's name.
std::optional<ListedTool> ReadListedTool(const JsonValue& entry);

// Which members two definitions differ in: "description, inputSchema";
// "definition" where one of them cannot be read.
std::string ChangedMembers(std::string_view before, std::string_view after);

}  // namespace gatehouse
