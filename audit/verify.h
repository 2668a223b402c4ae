// SPDX-License-Identifier: Apache-2.0
#pragma once
// Recomputes the chain from the rows and says whether they are what was
// written: the whole of `audit verify`. It streams: memory does not grow with
// the trail. Without an anchor off the host it proves nothing against whoever
// owns the user id: they can rebuild the whole chain.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "audit/anchor_set.h"
#include "audit/record.h"
#include "policy/result.h"

namespace gatehouse::audit {

class Reader;

enum class ChainFault : std::uint8_t {
  kUnverified = 0,  // the zero value claims nothing
  kNone,
  kEdit,        // a record (or the head) is not what was written
  kGap,         // records are missing in the middle
  kReorder,     // a record stands at another's place
  kTruncation,  // the newest records are missing
  kErased,      // something is gone that no record says was pruned
  kText,        // a policy or a definition is not what its hash says
  kRebuilt,     // an anchor vouches for other records
  kAnchor,      // the anchor file itself was edited
  kUnanchored,  // no anchor is of this chain
};
std::string_view ChainFaultName(ChainFault fault);  // "none", "edit", …

struct VerifyReport {
  ChainFault fault = ChainFault::kUnverified;
  std::uint64_t count = 0;   // records that were found good
  std::uint64_t erased = 0;  // of these, how many have no payload any more
  std::uint64_t pruned = 0;  // how many before the first were let go
  std::string chain;         // the chain's id
  std::string head_hash;     // hex; of the last good record
  Sequence first_bad = 0;    // 0 where there is no fault, or not in a record
  std::string sentence;      // what is wrong with it, for a person
  bool head_file = false;    // audit.head was there and was compared
  std::optional<AnchorReport> anchors;  // where there were some to compare with

  bool good() const { return fault == ChainFault::kNone; }
};

struct VerifyOptions {
  AnchorSet* anchors = nullptr;  // borrowed
  // Called now and then with the records looked at and how many there are.
  std::function<void(std::uint64_t done, std::uint64_t all)> progress = nullptr;
};

// An error only where the rows could not be read.
Result<VerifyReport> Verify(Reader& reader, const VerifyOptions& options = {});

}  // namespace gatehouse::audit
