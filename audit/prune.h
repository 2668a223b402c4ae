// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lets go of old records, and says so in the trail before it does: whole
// segments, oldest first, or payloads alone, whose digests stay in the chain.
// Never what is younger than the retention that the trail holds. Afterwards
// the trail verifies, and its records say what is gone and who had it go.

#include <chrono>
#include <cstdint>
#include <string>

#include "audit/record.h"
#include "policy/result.h"

namespace gatehouse::audit {

// The events, each with `arguments` {first, last, count, head?}.
inline constexpr std::string_view kSegmentsPruned = "segments pruned";
inline constexpr std::string_view kPayloadsErased = "payloads erased";

enum class PruneWhat { kSegments = 0, kPayloads };

struct PrunePlan {
  PruneWhat what = PruneWhat::kSegments;
  std::int64_t before_ns = 0;  // records of an earlier time, UTC
  bool only_look = false;      // says what would go
  Record self;                 // who
  std::chrono::milliseconds lock_wait{10'000};
};

struct PruneReport {
  std::uint64_t records = 0;
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;  // of files that went
  Sequence first = 0;       // 0: nothing
  Sequence last = 0;
  Sequence record = 0;  // what says so in the trail; 0 where nothing went
};

// kInvalid where the retention forbids it; kBusy where a guard is making a
// segment. What is cut off goes on where it is called again.
Result<PruneReport> Prune(const std::string& database, const PrunePlan& plan);

}  // namespace gatehouse::audit
