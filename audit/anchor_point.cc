// SPDX-License-Identifier: Apache-2.0
// What the head row counts is in the database file or in the write-ahead log.
// It came into the file by a checkpoint, which syncs both; so to sync the log
// after the head was read is enough, even where a checkpoint came between. The
// log bears no locks of SQLite's: to open and close it here is safe, which it
// would not be with the database file.
#include "audit/anchor_point.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "audit/reader.h"
#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

Status SyncPath(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 && errno == ENOENT) return Done{};
  if (fd < 0) return SystemError("open", path);
  const bool synced = fsync(fd) == 0;
  const Status status =
      synced ? Status(Done{}) : Status(SystemError("sync", path));
  close(fd);
  return status;
}

}  // namespace

Result<ChainHead> SyncHead(const std::string& path) {
  const Result<std::unique_ptr<Reader>> reader = OpenReader(path);
  if (!reader.ok()) return reader.error();
  Result<ChainHead> head = reader.value()->HeadRow();
  if (!head.ok()) return head;
  const std::filesystem::path database = FindTrailFiles(path).database;
  Status synced = SyncPath(database.string() + "-wal", 0);
  // Its name as well: a log that was just made.
  if (synced.ok()) synced = SyncPath(database.parent_path(), O_DIRECTORY);
  if (!synced.ok()) return synced.error();
  return head;
}

}  // namespace gatehouse::audit
