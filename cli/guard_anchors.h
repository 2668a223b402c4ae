// SPDX-License-Identifier: Apache-2.0
#pragma once
// `gatehouse run --anchor`: which checkpoints a running guard sends where. The
// sending itself is audit/anchor_keeper's, in a thread; here are its options,
// and what of its fate goes into the trail.

#include <memory>
#include <string>
#include <vector>

#include "audit/anchor_keeper.h"
#include "cli/command_options.h"
#include "proxy/log.h"
#include "proxy/trail.h"

namespace gatehouse::cli {

struct AnchorChoice {
  std::vector<std::string> places;
  std::vector<std::string> every;  // "1000", "60s", or both
  std::string key;
};

// --anchor, --anchor-every, --anchor-key.
void AddAnchorOptions(Command command, AnchorChoice& choice);

// Null where no place is named. An error's sentence names the option.
Result<std::unique_ptr<audit::AnchorKeeper>> StartAnchors(
    const AnchorChoice& choice, const std::string& database, Log& log);

// After records may have been committed: tells the keeper, and puts what it
// has to say among the records that wait. `keeper` may be null.
void FollowAnchors(audit::AnchorKeeper* keeper, Trail& trail, Log& log);

// The last anchor of the session, and what became of it. Waits two seconds for
// it at most.
void EndAnchors(audit::AnchorKeeper* keeper, Trail& trail, Log& log);

}  // namespace gatehouse::cli
