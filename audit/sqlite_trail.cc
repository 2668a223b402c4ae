// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_trail.h"

#include <string_view>
#include <utility>

#include "audit/record.h"
#include "audit/sqlite_schema.h"
#include "audit/utc_time.h"

namespace gatehouse::audit {
namespace {

// Those that every session runs show here that the tables are as they must be;
// the others are compiled when they are first run.
Status Prepare(SqliteTrail& trail) {
  const std::pair<Statement*, std::string_view> all[] = {
      {&trail.statements.begin, "BEGIN IMMEDIATE"},
      {&trail.statements.commit, "COMMIT"},
      {&trail.statements.rollback, "ROLLBACK"},
      {&trail.statements.head,
       "SELECT chain, head_seq, head_hash FROM chain WHERE id = 1"},
      {&trail.statements.insert,
       "INSERT INTO record(seq, time_ns, stage, session, call, tool, decision,"
       " code, namespaces, digest, previous, hash, salt, payload)"
       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&trail.statements.move_head,
       "UPDATE chain SET head_seq = ?, head_hash = ?"
       " WHERE id = 1 AND head_seq = ? AND head_hash = ?"},
      {&trail.statements.keep_policy,
       "INSERT OR IGNORE INTO policy(hash, text) VALUES (?, ?)"},
  };
  trail.statements.keep_definition = trail.database.Later(
      "INSERT INTO tool_definition(server, tool, hash, text, seen_ns,"
      " accepted) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
      " SET accepted = max(accepted, excluded.accepted)");
  trail.statements.definitions = trail.database.Later(
      "SELECT tool, hash, text, seen_ns, accepted FROM tool_definition"
      " WHERE server = ? ORDER BY tool, seen_ns");
  for (const auto& [statement, sql] : all) {
    Result<Statement> prepared = trail.database.Prepare(sql);
    if (!prepared.ok()) return prepared.error();
    *statement = std::move(prepared).value();
  }
  trail.limits = SqliteLimits::Open(trail.database);
  trail.sessions = SqliteSessions::Open(trail.database);
  return Done{};
}

Status SetUp(SqliteTrail& trail, std::uint64_t max_bytes) {
  Database& database = trail.database;
  // Before anything is changed: another program's database stays as it is.
  const Result<std::int64_t> version = TrailVersion(database);
  if (!version.ok()) return version.error();
  Status status = database.Execute(
      "PRAGMA synchronous=NORMAL; PRAGMA journal_mode=WAL;"
      "PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=FAST;"
      // KiB: who only appends needs few pages, and would keep 2 MiB of them.
      "PRAGMA cache_size=-512;");
  const std::int64_t now_ms = NowNanoseconds() / 1'000'000;
  if (status.ok()) {
    status = version.value() == 0 ? CreateTrail(database, NewUuidV7(now_ms))
                                  : Migrate(database, version.value());
  }
  if (status.ok()) status = SetSizeLimit(database, max_bytes);
  return status.ok() ? Prepare(trail) : status;
}

}  // namespace

Status SetSizeLimit(Database& database, std::uint64_t max_bytes) {
  if (max_bytes == 0) return Done{};
  const std::uint64_t pages = max_bytes / kPageBytes + 1;
  return database.Execute(
      ("PRAGMA max_page_count=" + std::to_string(pages)).c_str());
}

Result<std::uint64_t> UsedBytes(Database& database) {
  const auto pages = database.QueryInteger("PRAGMA page_count");
  if (!pages.ok()) return pages.error();
  const auto free = database.QueryInteger("PRAGMA freelist_count");
  if (!free.ok()) return free.error();
  return static_cast<std::uint64_t>(pages.value() - free.value()) * kPageBytes;
}

Result<std::vector<ToolDefinition>> ReadDefinitions(SqliteTrail& trail,
                                                    std::string_view server) {
  std::vector<ToolDefinition> found;
  Statement& rows = trail.statements.definitions.BindText(1, server);
  const Status read = ForEachRow(rows, [&](const Statement& row) {
    found.push_back({std::string(server), std::string(row.Text(0)),
                     std::string(row.Text(1)), std::string(row.Text(2)),
                     row.Integer(3), row.Integer(4) != 0});
  });
  if (!read.ok()) return read.error();
  return found;
}

Result<SqliteTrail> OpenSqliteTrail(const std::string& path,
                                    std::uint64_t max_bytes) {
  Result<Database> opened = Database::Open(path, Database::Access::kReadWrite);
  if (!opened.ok()) return opened.error();
  SqliteTrail trail{std::move(opened).value(), {}, {}, {}};
  const Status ready = SetUp(trail, max_bytes);
  if (!ready.ok()) return ready.error();
  return trail;
}

}  // namespace gatehouse::audit
