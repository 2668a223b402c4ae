// SPDX-License-Identifier: Apache-2.0
#include "audit/anchor_point.h"

#include "audit/head_file.h"
#include "audit/sqlite_database.h"
#include "audit/sqlite_schema.h"
#include "audit/trail_files.h"
#include "audit/writer_lock.h"

namespace gatehouse::audit {
namespace {

// A commit with `synchronous=FULL` syncs the log to its end, whoever wrote the
// frames before. It must write something: an empty one syncs nothing.
constexpr const char* kSync =
    "PRAGMA wal_autocheckpoint=0; PRAGMA synchronous=FULL; BEGIN IMMEDIATE;"
    "UPDATE chain SET head_seq = head_seq WHERE id = 1; COMMIT;";

Result<ChainHead> ReadHead(Database& database) {
  Result<Statement> row = database.Prepare(
      "SELECT chain, head_seq, head_hash FROM chain WHERE id = 1");
  if (!row.ok()) return row.error();
  const Result<Statement::Stepped> stepped = row.value().Step();
  if (!stepped.ok()) return stepped.error();
  if (stepped.value() == Statement::Stepped::kDone) {
    return Error{ErrorCode::kCorrupt, "the audit trail has lost its head row"};
  }
  return ChainHead{std::string(row.value().Text(0)),
                   static_cast<Sequence>(row.value().Integer(1)),
                   std::string(row.value().Blob(2))};
}

Status Sync(Database& database) {
  const Result<std::int64_t> version = TrailVersion(database);
  if (!version.ok()) return version.error();
  if (version.value() != kSchemaVersion) {
    return Error{ErrorCode::kUnsupported,
                 "the trail is of an older version, which the next guard to "
                 "write to it brings up to date"};
  }
  const Status synced = database.Execute(kSync);
  if (database.InTransaction()) (void)database.Execute("ROLLBACK");
  return synced;
}

}  // namespace

Result<ChainHead> SyncHead(const std::string& path,
                           std::chrono::milliseconds patience) {
  const TrailFiles files = FindTrailFiles(path);
  const Status ours = CheckOwnTrail(files.database);
  if (!ours.ok()) return ours.error();
  WriterLock lock(files.lock);
  const Status locked = lock.Acquire(patience);
  if (!locked.ok()) return locked.error();
  // Closed before the lock is released.
  Result<Database> opened =
      Database::Open(files.database, Database::Access::kReadWrite);
  if (!opened.ok()) return opened.error();
  const Status synced = Sync(opened.value());
  if (!synced.ok()) return synced.error();
  Result<ChainHead> head = ReadHead(opened.value());
  if (head.ok()) (void)HeadFile(files.head).Write(head.value());
  return head;
}

}  // namespace gatehouse::audit
