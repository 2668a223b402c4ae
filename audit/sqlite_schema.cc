// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_schema.h"

#include <array>
#include <utility>

#include "audit/chain.h"

namespace gatehouse::audit {
namespace {

// `payload` comes last: whoever filters by the columns before it does not read
// the pages a long payload spills to. There is no index but seq: the trail is
// written a thousand times more often than it is read, and a million rows are
// scanned in under a second.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE chain(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  chain TEXT NOT NULL,
  head_seq INTEGER NOT NULL,
  head_hash BLOB NOT NULL
) STRICT;
CREATE TABLE record(
  seq INTEGER PRIMARY KEY,
  time_ns INTEGER NOT NULL,
  stage TEXT NOT NULL,
  session TEXT NOT NULL,
  call TEXT NOT NULL,
  tool TEXT NOT NULL,
  decision TEXT NOT NULL,
  code TEXT NOT NULL,
  namespaces TEXT NOT NULL,
  digest BLOB NOT NULL,
  previous BLOB NOT NULL,
  hash BLOB NOT NULL,
  salt BLOB,
  payload TEXT
) STRICT;
CREATE TABLE policy(
  hash TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA application_id = 0x47415445;
PRAGMA user_version = 1;
)sql";

// What each server's tools were defined as (tool_definition.h). Not part of the
// chain: it is compared with, and each change of it leaves a record that is.
constexpr const char* kVersion2 = R"sql(
CREATE TABLE tool_definition(
  server TEXT NOT NULL,
  tool TEXT NOT NULL,
  hash TEXT NOT NULL,
  text TEXT NOT NULL,
  seen_ns INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  PRIMARY KEY (server, tool, hash)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 2;
)sql";

// The calls counted against limits (sqlite_limits.h), while they count.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE limit_use(
  key TEXT NOT NULL,
  time_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX limit_use_by_key ON limit_use(key, time_ns);
PRAGMA user_version = 3;
)sql";

// The guards that write to the trail (sqlite_sessions.h), while they live.
constexpr const char* kVersion4 = R"sql(
CREATE TABLE open_session(
  slot INTEGER PRIMARY KEY,
  session TEXT NOT NULL,
  pid INTEGER NOT NULL,
  boot TEXT NOT NULL,
  first_seq INTEGER NOT NULL
) STRICT;
PRAGMA user_version = 4;
)sql";

// Older records in files beside the database (rotation.h), the calls in them
// that have no outcome yet, and for how long records are kept at least.
constexpr const char* kVersion5 = R"sql(
CREATE TABLE segment(
  number INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  head_hash BLOB NOT NULL,
  closed_ns INTEGER NOT NULL,
  pruned INTEGER NOT NULL
) STRICT;
CREATE TABLE open_call(
  call TEXT PRIMARY KEY,
  session TEXT NOT NULL,
  tool TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE setting(
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 5;
)sql";

// Row n makes version n + 1 of version n.
constexpr std::array<const char*, kSchemaVersion> kMigrations = {
    kVersion1, kVersion2, kVersion3, kVersion4, kVersion5};

Status StartChain(Database& database, const std::string& chain) {
  Result<Statement> insert = database.Prepare(
      "INSERT INTO chain(id, chain, head_seq, head_hash) VALUES (1, ?, 0, ?)");
  if (!insert.ok()) return insert.error();
  const ChainHead head = EmptyChain(chain);
  return insert.value().BindText(1, head.chain).BindBlob(2, head.hash).Run();
}

// Runs `steps` in one transaction.
template <typename Steps>
Status InTransaction(Database& database, const Steps& steps) {
  Status status = database.Execute("BEGIN IMMEDIATE");
  if (status.ok()) status = steps();
  if (status.ok()) status = database.Execute("COMMIT");
  if (database.InTransaction()) (void)database.Execute("ROLLBACK");
  return status;
}

}  // namespace

Result<std::int64_t> TrailVersion(Database& database) {
  const auto application = database.QueryInteger("PRAGMA application_id");
  if (!application.ok()) return application.error();
  const auto version = database.QueryInteger("PRAGMA user_version");
  if (!version.ok()) return version.error();
  const auto tables =
      database.QueryInteger("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.error();
  if (tables.value() == 0 && version.value() == 0) return std::int64_t{0};
  if (application.value() != kApplicationId) {
    return Error{ErrorCode::kCorrupt,
                 "the database is not an audit trail of Gatehouse"};
  }
  if (version.value() > kSchemaVersion) {
    return Error{ErrorCode::kUnsupported,
                 "the audit trail was written by a newer Gatehouse (version " +
                     std::to_string(version.value()) + ")"};
  }
  return version.value();
}

Status Migrate(Database& database, std::int64_t version) {
  for (; version < kSchemaVersion; ++version) {
    const char* const sql = kMigrations.at(static_cast<std::size_t>(version));
    Status migrated = InTransaction(
        database, [&database, sql] { return database.Execute(sql); });
    if (!migrated.ok()) return migrated;
  }
  return Done{};
}

Status CreateTrail(Database& database, const std::string& chain) {
  const Status created = InTransaction(database, [&database, &chain] {
    const Status tables = database.Execute(kVersion1);
    return tables.ok() ? StartChain(database, chain) : tables;
  });
  return created.ok() ? Migrate(database, 1) : created;
}

}  // namespace gatehouse::audit
