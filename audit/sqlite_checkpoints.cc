// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_checkpoints.h"

namespace gatehouse::audit {
namespace {

constexpr int kQuietShare = 4;

}  // namespace

void SqliteCheckpoints::Watch(Database& database) {
  log_pages_ = pages_at_last_ = 0;
  database.ReportLogPages(&log_pages_);
}

bool SqliteCheckpoints::IsDue() {
  last_commit_ = Clock::now();
  // The log starts over once a checkpoint has emptied it.
  if (log_pages_ < pages_at_last_) pages_at_last_ = 0;
  return log_pages_ - pages_at_last_ >= pages_;
}

// Who has no pause waits for the disk seldom; who has some, never. A log that
// is kept short is soon read by the next start after a kill (1.5 us a page).
// The log is emptied in quiet moments only, and cut only when none came for as
// long as a checkpoint's interval: growing it anew makes every sync dearer.
std::optional<Database::Checkpoint> SqliteCheckpoints::DueWhenIdle() const {
  const Clock::time_point now = Clock::now();
  if (log_pages_ == 0) return std::nullopt;
  if (now - last_ < every_) {
    const bool is_due = log_pages_ - pages_at_last_ >= pages_ / kQuietShare;
    return is_due ? std::optional(Database::Checkpoint::kPassive)
                  : std::nullopt;
  }
  return now - last_commit_ >= every_ ? Database::Checkpoint::kTruncate
                                      : Database::Checkpoint::kPassive;
}

bool SqliteCheckpoints::Run(Database& database, Database::Checkpoint kind) {
  last_ = Clock::now();
  pages_at_last_ = log_pages_;
  const Result<bool> whole = database.RunCheckpoint(kind);
  if (!whole.ok() || !whole.value()) return false;
  if (kind == Database::Checkpoint::kTruncate) log_pages_ = pages_at_last_ = 0;
  return true;
}

}  // namespace gatehouse::audit
