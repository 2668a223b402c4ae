// SPDX-License-Identifier: Apache-2.0
#pragma once
// The policies of the hunt, each with a check of its own of what an API server
// may see under it. The checks are written out by hand and know nothing of the
// engine: obvious before clever, so that a fault in one is not a fault in both.

#include <span>
#include <string>

#include "tests/support/api_truth.h"

namespace gatehouse::testing {

struct Fence {
  const char* name;
  char letter;         // in OrdinaryCall::passes
  const char* policy;  // YAML
  bool (*allows)(const SeenRequest&);
};

std::span<const Fence> Fences();

// Whether the line of the stand-in's log may stand there: discovery and
// questions about one's own rights always; a path in an odd spelling never.
bool Allows(const Fence& fence, const std::string& line);

}  // namespace gatehouse::testing
