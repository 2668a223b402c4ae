// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one run of a program, or one step of a tool, comes to: requests without
// doubles, and the first reason for which they may not be all.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "policy/request.h"

namespace gatehouse {

// Several for each object that a call may name. Each new one is compared with
// all before it, and decided and recorded.
inline constexpr std::size_t kMaxRequests = 4000;

// Where `unclear` is set, `requests` holds what is known all the same.
struct Meaning {
  std::vector<Request> requests;
  std::optional<Unclear> unclear;
  // Of helm: what may lie beyond the namespaces named. Its request (unclear,
  // HelmPart::kChart) is among `requests`.
  std::optional<Unclear> beyond;

  // One more than kMaxRequests is left out, and makes it unclear.
  void Add(Request request);
  bool IsFull() const { return requests.size() >= kMaxRequests; }
  // Only the first reason is kept.
  void Refuse(std::string reason);
};

}  // namespace gatehouse
