// SPDX-License-Identifier: Apache-2.0
#pragma once
// The server-side tables that kubectl and MCP servers ask for with
// `Accept: application/json;as=Table`: for a few kinds the columns that people
// know, for the rest name and age. Pure but for the clock that makes ages.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "policy/json_value_fwd.h"

namespace gatehouse::sample {

// A meta.k8s.io/v1 Table of objects of one type ("apps/deployments").
// `include` is the query's includeObject: "Object", "None", else metadata only.
std::string WriteTable(std::string_view type,
                       const std::vector<JsonValue>& objects,
                       std::string_view include,
                       std::chrono::system_clock::time_point now);

// "3d", "5h", "12m", "30s"; "<unknown>" for text that is no time.
std::string WriteAge(std::string_view created,
                     std::chrono::system_clock::time_point now);

}  // namespace gatehouse::sample
