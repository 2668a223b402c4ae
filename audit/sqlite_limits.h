// SPDX-License-Identifier: Apache-2.0
#pragma once
// The calls that were counted against limits: a table of the trail's database,
// so that limits hold over a restart and for all guards of a user together.
// Counted inside the transaction of the call's own record; written with it or
// not at all. Not part of the chain: each refusal by a limit is a record.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "audit/limit_use.h"
#include "audit/sqlite_database.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Must not outlive the database. One thread, under the writer lock.
class SqliteLimits {
 public:
  static SqliteLimits Open(Database& database);

  // Notes all of `uses`, or none of them: then the index of the first whose
  // limit is used up.
  Result<std::optional<std::size_t>> Count(std::span<const LimitUse> uses);
  // Writes what was noted, and clears what no limit looks at any more.
  Status Write();
  void Forget() { noted_.clear(); }

 private:
  Result<std::int64_t> UsedOf(const LimitUse& use);

  Statement count_;
  Statement insert_;
  Statement prune_;
  std::vector<LimitUse> noted_;
};

}  // namespace gatehouse::audit
