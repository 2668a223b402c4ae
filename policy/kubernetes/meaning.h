// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one run of a program, or one step of a tool, comes to: requests without
// doubles, and the first reason for which they may not be all.

#include <optional>
#include <string>
#include <vector>

#include "policy/request.h"

namespace gatehouse {

// Where `unclear` is set, `requests` holds what is known all the same.
struct Meaning {
  std::vector<Request> requests;
  std::optional<Unclear> unclear;
  // Of helm: what may lie beyond the namespaces named. Its request (unclear,
  // HelmPart::kChart) is among `requests`.
  std::optional<Unclear> beyond;

  void Add(Request request);
  // Only the first reason is kept.
  void Refuse(std::string reason);
};

}  // namespace gatehouse
