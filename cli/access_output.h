// SPDX-License-Identifier: Apache-2.0
#pragma once
// The matrix of `policy can-i` for people, resources with the same answers on
// one line, and as JSON. Decides nothing.

#include <string>
#include <vector>

#include "policy/access_matrix.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {

// Who asks, of which policy, for which namespaces ("*": all at once). Borrows.
struct AccessQuestion {
  const Engine& engine;
  const KubernetesTables& tables;
  AccessSubject who;
  std::vector<std::string> namespaces;
};

// Onto standard output.
void PrintMatrix(const AccessQuestion& asked);
// One JSON object.
void WriteMatrix(const AccessQuestion& asked, JsonWriter& out);

}  // namespace gatehouse::cli
