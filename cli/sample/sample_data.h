// SPDX-License-Identifier: Apache-2.0
#pragma once
// What stands in the sample cluster: four namespaces, two nodes, a few
// deployments with their pods, and one Secret of harmless text. Read by
// gatehouse-sample-cluster (as API objects) and by the sample MCP server.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "policy/json_value.h"

namespace gatehouse::sample {

struct SampleObject {
  std::string type;            // "apps/deployments", "/pods"
  std::string namespace_name;  // "" for cluster-scoped objects
  std::string name;
  JsonValue object;
};

// Everything, as it would have been created over the days before `now`.
std::vector<SampleObject> SampleObjects(
    std::chrono::system_clock::time_point now);

// A few lines, as the pod of that name would have logged them.
std::string SampleLog(std::string_view pod);

}  // namespace gatehouse::sample
