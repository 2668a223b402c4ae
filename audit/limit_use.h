// SPDX-License-Identifier: Apache-2.0
#pragma once
// A call that is counted against a rule's limit. A pure value.

#include <cstdint>
#include <string>

namespace gatehouse::audit {

struct LimitUse {
  std::string key;  // whose calls, by which rule of which policy
  std::int64_t time_ns = 0;
  std::int64_t calls = 0;   // so many
  std::int64_t per_ns = 0;  // in any span of this length
};

}  // namespace gatehouse::audit
