// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trail's database as its writer opens it: made or migrated where it must
// be, set up as audit.md says, with the statements that write it compiled.
// Called under the writer lock; which records go in, and when, is sqlite_sink's
// business.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/sqlite_database.h"
#include "audit/sqlite_limits.h"
#include "audit/sqlite_sessions.h"
#include "audit/tool_definition.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Compiled once: compiling costs more than running them.
struct Statements {
  Statement begin;
  Statement commit;
  Statement rollback;
  Statement head;
  Statement insert;
  Statement move_head;
  Statement keep_policy;
  Statement keep_definition;
  Statement definitions;
};

// Owns the connection. The statements come after it: they are finalized before
// it closes.
struct SqliteTrail {
  Database database;
  Statements statements;
  SqliteLimits limits;
  SqliteSessions sessions;
};

inline constexpr std::uint64_t kPageBytes = 4096;

// 0: no limit. Never less than there is.
Status SetSizeLimit(Database& database, std::uint64_t max_bytes);
// Without the pages that are free again.
Result<std::uint64_t> UsedBytes(Database& database);
// Those of one server, in the order of tool and time.
Result<std::vector<ToolDefinition>> ReadDefinitions(SqliteTrail& trail,
                                                    std::string_view server);

// `path`: an existing file, empty or a trail. `max_bytes`: 0 for no limit.
// Another program's database is kCorrupt and stays as it is. Checkpoints are
// left to the caller.
Result<SqliteTrail> OpenSqliteTrail(const std::string& path,
                                    std::uint64_t max_bytes);

}  // namespace gatehouse::audit
