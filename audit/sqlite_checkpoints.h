// SPDX-License-Identifier: Apache-2.0
#pragma once
// When the write-ahead log of a trail is moved into its database: after so
// many pages, in a quiet moment after a quarter of them, or after so long; and
// cut only when nothing was written for as long.
// Under the writer lock, as writer_lock.h says; what follows from a checkpoint
// is sqlite_sink's business.

#include <chrono>
#include <optional>

#include "audit/sqlite_database.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Must not move while it watches a database. One thread.
class SqliteCheckpoints {
 public:
  SqliteCheckpoints(int pages, std::chrono::seconds every)
      : pages_(pages), every_(every) {}
  SqliteCheckpoints(const SqliteCheckpoints&) = delete;
  SqliteCheckpoints& operator=(const SqliteCheckpoints&) = delete;

  // From now on this database's log; the database must not outlive this.
  void Watch(Database& database);

  // After a commit: whether the log is long enough.
  bool IsDue();
  // In a quiet moment: what is to be done, if anything.
  std::optional<Database::Checkpoint> DueWhenIdle() const;
  bool IsLogEmpty() const { return log_pages_ == 0; }

  // Whether all of the log is on the disk now, in the database. Failure costs
  // nothing but a longer log: the next one tries again.
  bool Run(Database& database, Database::Checkpoint kind);

 private:
  using Clock = std::chrono::steady_clock;

  int pages_;
  std::chrono::seconds every_;
  int log_pages_ = 0;
  int pages_at_last_ = 0;
  Clock::time_point last_ = Clock::now();
  Clock::time_point last_commit_ = Clock::now();
};

}  // namespace gatehouse::audit
