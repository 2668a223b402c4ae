// SPDX-License-Identifier: Apache-2.0
// What the head row counts is in the database file or in the write-ahead log.
// It came into the file by a checkpoint, which syncs both; so to sync the log
// after the head was read is enough, even where a checkpoint came between. The
// log bears no locks of SQLite's: to open and close it here is safe, which it
// would not be with the database file.
#include "audit/anchor_point.h"

#include <filesystem>

#include "audit/reader.h"
#include "audit/trail_files.h"

namespace gatehouse::audit {
Result<ChainHead> SyncHead(const std::string& path) {
  const Result<std::unique_ptr<Reader>> reader = OpenReader(path);
  if (!reader.ok()) return reader.error();
  Result<ChainHead> head = reader.value()->HeadRow();
  if (!head.ok()) return head;
  const std::filesystem::path database = FindTrailFiles(path).database;
  Status synced = SyncToDisk(database.string() + "-wal");
  if (!synced.ok() && synced.error().code == ErrorCode::kNotFound) {
    synced = Done{};
  }
  // Its name as well: a log that was just made.
  if (synced.ok()) synced = SyncToDisk(database.parent_path());
  if (!synced.ok()) return synced.error();
  return head;
}

}  // namespace gatehouse::audit
