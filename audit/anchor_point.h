// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an anchor may vouch for: the chain's head once all up to it is certainly
// on the disk. An anchor that led the disk would call a power cut a forgery.

#include <chrono>
#include <string>

#include "audit/chain.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Brings everything that any guard has committed to the disk (one FULL commit
// that changes nothing, under the writer lock) and returns the head. Opens a
// connection of its own, so that it may be called from any thread. Errors: as
// OpenSqliteSink, and kUnsupported for an older trail, which it leaves as it
// is.
Result<ChainHead> SyncHead(const std::string& database,
                           std::chrono::milliseconds patience);

}  // namespace gatehouse::audit
