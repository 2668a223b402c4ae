// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trail's calls as policy tools take them again: what was asked, by whom
// and when, and what became of it. For `policy replay` and `policy generate`.

#include <string>
#include <vector>

#include "cli/audit_call.h"
#include "cli/command_options.h"
#include "policy/engine.h"

namespace gatehouse::cli {

struct TrailCall {
  audit::Sequence seq = 0;
  Classification call;
  Subject subject;  // of the groups nothing is recorded
  UtcTime time{};
  std::string context;            // the kubeconfig's current one
  Effect effect = Effect::kDeny;  // the decision then
  std::string why;                // its rule, else its code
  bool forwarded = false;         // allowed, or merely observed
};

// Which calls to take; "" does not filter.
struct TrailChoice {
  std::string database;
  std::string spoken;  // the command, for the record of its reading
  std::string since;
  std::string user;
};

struct TrailCalls {
  std::vector<TrailCall> calls;
  // Calls that no policy could have judged: refused by the guard itself
  // (malformed, too large, counted out), or with their payload erased.
  std::size_t left_out = 0;
};

// Declares --db, --since and --user.
void AddTrailOptions(Command command, TrailChoice& choice);

// Oldest first. kInvalid where --since is no time.
Result<TrailCalls> ReadTrailCalls(const TrailChoice& choice);

}  // namespace gatehouse::cli
