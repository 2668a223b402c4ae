// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_limits.h"

#include <algorithm>
#include <utility>

namespace gatehouse::audit {

SqliteLimits SqliteLimits::Open(Database& database) {
  SqliteLimits limits;
  const std::pair<Statement*, std::string_view> all[] = {
      // Times ahead come of a clock that was set back: what lies farther ahead
      // than the limit's own span is not held against anybody.
      {&limits.count_,
       "SELECT count(*) FROM limit_use"
       " WHERE key = ? AND time_ns > ? AND time_ns <= ?"},
      {&limits.insert_, "INSERT INTO limit_use(key, time_ns) VALUES (?, ?)"},
      {&limits.prune_, "DELETE FROM limit_use WHERE key = ? AND time_ns <= ?"},
  };
  for (const auto& [statement, sql] : all) {
    *statement = database.Later(sql);
  }
  return limits;
}

Result<std::int64_t> SqliteLimits::UsedOf(const LimitUse& use) {
  count_.BindText(1, use.key)
      .BindInteger(2, use.time_ns - use.per_ns)
      .BindInteger(3, use.time_ns + use.per_ns);
  const Result<Statement::Stepped> stepped = count_.Step();
  const std::int64_t stored = stepped.ok() ? count_.Integer(0) : 0;
  count_.Reset();
  if (!stepped.ok()) return stepped.error();
  return stored +
         std::count_if(noted_.begin(), noted_.end(), [&](const LimitUse& each) {
           return each.key == use.key;
         });
}

Result<std::optional<std::size_t>> SqliteLimits::Count(
    std::span<const LimitUse> uses) {
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const Result<std::int64_t> used = UsedOf(uses[i]);
    if (!used.ok()) return used.error();
    if (used.value() >= uses[i].calls) return std::optional<std::size_t>(i);
  }
  noted_.insert(noted_.end(), uses.begin(), uses.end());
  return std::optional<std::size_t>();
}

Status SqliteLimits::Write() {
  for (const LimitUse& use : noted_) {
    Status status = prune_.BindText(1, use.key)
                        .BindInteger(2, use.time_ns - use.per_ns)
                        .Run();
    if (status.ok()) {
      status = insert_.BindText(1, use.key).BindInteger(2, use.time_ns).Run();
    }
    if (!status.ok()) return status;
  }
  return Done{};
}

}  // namespace gatehouse::audit
