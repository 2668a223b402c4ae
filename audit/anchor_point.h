// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an anchor may vouch for: the chain's head once all up to it is certainly
// on the disk. An anchor that led the disk would call a power cut a forgery.

#include <string>

#include "audit/chain.h"
#include "policy/result.h"

namespace gatehouse::audit {

// The head, after everything up to it was brought to the disk, whoever wrote
// it. Takes no lock and writes nothing, so that no guard waits for the disk
// because of it, and whoever may read the trail may anchor it. Opens a
// connection of its own: may be called from any thread. Errors as OpenReader.
Result<ChainHead> SyncHead(const std::string& database);

}  // namespace gatehouse::audit
