// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trail's database in the hands of one guard: the connection, which file it
// is of, the chain's head, the open transaction and its batch. Everything here
// is done under the writer lock; when that is taken, and what becomes of a
// failure, is sqlite_sink's business.

#include <functional>
#include <optional>
#include <string>

#include "audit/head_file.h"
#include "audit/known_name.h"
#include "audit/sink.h"
#include "audit/sqlite_batch.h"
#include "audit/sqlite_checkpoints.h"
#include "audit/sqlite_sink.h"
#include "audit/sqlite_trail.h"
#include "audit/trail_files.h"
#include "audit/writer_lock.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Borrows the lock. One thread. Not movable: SQLite has its address.
class SqliteWriter {
 public:
  SqliteWriter(const TrailFiles& files, const SinkOptions& options,
               WriterLock& lock);
  ~SqliteWriter();
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  // `max_bytes`: 0 for no limit. What guards that are gone left open gets its
  // end, and this one is noted among those that live.
  Status Open(std::uint64_t max_bytes);
  bool is_open() const { return trail_.has_value(); }
  // What the head file named when this opened, where the chain in the database
  // did not have it: records were cut off, or an older copy was put back.
  const std::optional<ChainHead>& missing_head() const { return missing_head_; }
  // Whether some of what was committed may not be in the database yet.
  bool has_log() const { return is_open() && !checkpoints_.IsLogEmpty(); }
  // For ever, without the lock: the connection ends with the process.
  void Leak();
  void Close();

  // SQLite would go on writing to files that no name leads to any more, and to
  // one that was emptied.
  enum class File { kGone = 0, kEmptied, kLogGone, kOurs, kAnother };
  File Look();

  // Begins, reads the head, empties the batch.
  Status Start();
  // A transaction that found no room was rolled back: the batch once more.
  Status StartAgain();
  // The batch, and what `more` does in its transaction.
  Status Write(Durability durability,
               const std::function<Status(Database&)>& more);
  // Rolls back what was not written, and forgets the batch.
  void End();

  // A commit was made: what is on the disk with it, and whether it made the log
  // too long.
  void NoteCommit(Durability durability);
  bool IsCheckpointDue() { return checkpoints_.IsDue(); }
  // Whether all of the log is on the disk now, in the database.
  bool Checkpoint(Database::Checkpoint kind);
  // All up to `head` is on the disk.
  void NoteOnDisk(const ChainHead& head) { (void)head_file_.Advance(head); }
  std::optional<Database::Checkpoint> DueWhenIdle() const {
    return checkpoints_.DueWhenIdle();
  }

  SqliteTrail& trail() { return *trail_; }
  Database& database() { return trail_->database; }
  SqliteBatch& batch() { return batch_; }
  const ChainHead& head() const { return head_; }
  const FileIdentity& identity() const { return identity_; }

 private:
  void KeepName();
  void KeepLog();
  bool IsLogNamed() const;
  void CompareHeads();
  Status EnterFirst();
  Status EnterSession();
  Status ReadHead();
  Status UseDurability(Durability durability);
  void RollBack();

  TrailFiles files_;
  SinkOptions options_;
  WriterLock& lock_;
  HeadFile head_file_;
  SqliteCheckpoints checkpoints_;  // outlives the connection it watches
  std::optional<SqliteTrail> trail_;
  FileIdentity identity_;
  // Of the database, opened without access to it: SQLite's locks on it stay
  // what they are when this one is closed.
  int file_ = -1;
  KnownName name_;
  int log_ = -1;  // the same of its log, once there is one
  Durability durability_ = Durability::kNormal;  // of the connection
  ChainHead head_;                               // as stored
  std::optional<ChainHead> missing_head_;
  SqliteBatch batch_;
};

}  // namespace gatehouse::audit
