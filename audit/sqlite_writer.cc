// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <list>
#include <mutex>
#include <utility>
#include <vector>

#include "audit/new_trail.h"

namespace gatehouse::audit {
namespace {

// What audit/prune.h goes by.
Status RaiseRetention(Database& database, std::chrono::seconds retention) {
  if (retention.count() == 0) return Done{};
  return database.Execute(
      ("INSERT INTO setting(name, value) VALUES ('retention_s', " +
       std::to_string(retention.count()) +
       ") ON CONFLICT DO UPDATE SET value = max(value, excluded.value)")
          .c_str());
}

std::string LogOf(const std::string& database) { return database + "-wal"; }

bool HasLog(const std::string& database) {
  struct stat info {};
  return stat(LogOf(database).c_str(), &info) == 0 && info.st_size > 0;
}

int OpenPath(const std::string& path) {
  return open(path.c_str(), O_PATH | O_CLOEXEC | O_NOFOLLOW);
}

bool HasName(int fd) {
  struct stat file {};
  return fd < 0 || (fstat(fd, &file) == 0 && file.st_nlink > 0);
}

}  // namespace

SqliteWriter::SqliteWriter(const TrailFiles& files, const SinkOptions& options,
                           WriterLock& lock)
    : files_(files),
      options_(options),
      lock_(lock),
      head_file_(files.head),
      checkpoints_(options.checkpoint_pages, options.checkpoint_every) {}

SqliteWriter::~SqliteWriter() {
  if (file_ >= 0) close(file_);
  if (log_ >= 0) close(log_);
}

Status SqliteWriter::Open(std::uint64_t max_bytes) {
  Status status = EnsurePrivateFile(files_.database);
  if (status.ok()) {
    status = CheckFileSystem(files_.database, options_.file_systems);
  }
  if (!status.ok()) return status;
  const auto filled = FillNewTrail(files_.database);
  if (!filled.ok()) return filled.error();
  for (const std::string& sentence : filled.value()) {
    if (options_.warn) options_.warn(sentence);
  }
  struct stat info {};
  if (stat(files_.database.c_str(), &info) != 0) {
    return SystemError("look at", files_.database);
  }
  Result<SqliteTrail> opened = OpenSqliteTrail(files_.database, max_bytes);
  if (!opened.ok()) return opened.error();
  identity_ = {info.st_dev, info.st_ino};
  trail_ = std::move(opened).value();
  durability_ = Durability::kNormal;
  checkpoints_.Watch(trail_->database);
  CompareHeads();
  if (!options_.self.session.empty()) status = EnterFirst();
  if (!status.ok()) trail_.reset();
  KeepName();
  KeepLog();
  return status;
}

// The file never leads what is on the disk, so no crash explains this.
void SqliteWriter::CompareHeads() {
  missing_head_.reset();
  const auto file = ReadHeadFile(files_.head);
  if (!file.ok() || !file.value() || !ReadHead().ok()) return;
  const ChainHead& there = *file.value();
  if (there.chain != head_.chain || there.seq < head_.seq) return;
  if (there != head_) missing_head_ = there;
}

// Where it cannot be opened, the name is looked at each time.
void SqliteWriter::KeepName() {
  name_.Forget();
  if (file_ >= 0) close(file_);
  file_ = OpenPath(files_.database);
  struct stat ours {};
  if (fstat(file_, &ours) == 0 &&
      FileIdentity{ours.st_dev, ours.st_ino} == identity_) {
    return;
  }
  if (file_ >= 0) close(file_);
  file_ = -1;
}

// SQLite makes it at the first use, and keeps it for as long as the connection.
void SqliteWriter::KeepLog() {
  if (log_ >= 0) close(log_);
  log_ = OpenPath(LogOf(files_.database));
}

bool SqliteWriter::IsLogNamed() const {
  struct stat ours {};
  if (log_ < 0) return true;
  return fstat(log_, &ours) == 0 && IdentityOf(LogOf(files_.database)) ==
                                        FileIdentity{ours.st_dev, ours.st_ino};
}

// SQLite syncs the header of each log that it begins, since the frames of the
// log before it may still stand behind it. Where there was no log that is a
// wait for nothing: until the first sync that is asked for, a power cut leaves
// this one or none, and SQLite then syncs the folder as well.
Status SqliteWriter::EnterFirst() {
  if (HasLog(files_.database)) return EnterSession();
  Status status = trail_->database.Execute("PRAGMA synchronous=OFF");
  if (status.ok()) status = EnterSession();
  if (!status.ok()) return status;
  return trail_->database.Execute("PRAGMA synchronous=NORMAL");
}

Status SqliteWriter::EnterSession() {
  SqliteSessions& sessions = trail_->sessions;
  Status status = Start();
  if (!status.ok()) return status;
  const auto outcomes = sessions.TakeGone(
      [this](std::int64_t slot) { return lock_.IsSlotKept(slot); });
  if (!outcomes.ok()) status = outcomes.error();
  Result<std::int64_t> slot = sessions.NextSlot();
  if (slot.ok()) slot = lock_.KeepSlotFrom(slot.value());
  if (!slot.ok()) status = slot.error();
  if (status.ok()) {
    for (const Record& outcome : outcomes.value()) batch_.Add(outcome);
    status = sessions.Enter(slot.value(), options_.self, batch_.head().seq + 1);
  }
  if (status.ok()) {
    status = Write(Durability::kNormal, [this](Database& database) {
      return RaiseRetention(database, options_.retention);
    });
  }
  End();
  return status;
}

// From where checkers of leaks find it.
void SqliteWriter::Leak() {
  static std::mutex mutex;
  static auto* const leaked = new std::list<SqliteTrail>;
  const std::lock_guard lock(mutex);
  leaked->push_back(std::move(*trail_));
  trail_.reset();
}

// Where the file was replaced, the log that bears the name is another's: SQLite
// sees that, too, and leaves it alone. What it does not see: that the database
// was emptied, and that the log's name is another's; then it would write pages
// of the one log over the records of the other. A log that only lost its name
// is read by nobody any more, and goes into the database as ever.
void SqliteWriter::Close() {
  if (!trail_) return;
  const File file = Look();
  if (file == File::kOurs) {
    (void)trail_->sessions.Leave();  // else the next start looks for our calls
    if (!checkpoints_.IsLogEmpty()) {
      (void)Checkpoint(Database::Checkpoint::kPassive);
    }
  }
  head_file_.Close();  // which may have gone elsewhere with the database
  if (file == File::kEmptied ||
      (file == File::kLogGone && IdentityOf(LogOf(files_.database)))) {
    return Leak();
  }
  trail_.reset();
}

SqliteWriter::File SqliteWriter::Look() {
  const bool has_log = HasName(log_);
  if (trail_ && has_log && name_.IsUnchanged(file_)) return File::kOurs;
  struct stat there {};
  if (stat(files_.database.c_str(), &there) != 0) return File::kGone;
  const bool ours =
      trail_ && FileIdentity{there.st_dev, there.st_ino} == identity_;
  if (there.st_size == 0) return ours ? File::kEmptied : File::kGone;
  if (!ours) return File::kAnother;
  if (!has_log || !IsLogNamed()) return File::kLogGone;
  name_.Note(file_);
  return File::kOurs;
}

Status SqliteWriter::Start() {
  Status begun = trail_->statements.begin.Run();
  if (begun.ok()) begun = ReadHead();
  if (begun.ok()) batch_.Begin(head_);
  return begun;
}

Status SqliteWriter::StartAgain() {
  RollBack();
  return trail_->statements.begin.Run();
}

// From the database and not from memory: other guards append to it too.
Status SqliteWriter::ReadHead() {
  const Result<Statement::Stepped> stepped = trail_->statements.head.Step();
  if (!stepped.ok()) return stepped.error();
  if (stepped.value() == Statement::Stepped::kDone) {
    return Error{ErrorCode::kCorrupt, "the audit trail has lost its head row"};
  }
  const Statement& row = trail_->statements.head;
  head_ = {std::string(row.Text(0)), static_cast<Sequence>(row.Integer(1)),
           std::string(row.Blob(2))};
  trail_->statements.head.Reset();
  return Done{};
}

Status SqliteWriter::Write(Durability durability,
                           const std::function<Status(Database&)>& more) {
  Status status = UseDurability(durability);
  if (status.ok()) status = batch_.Write(*trail_);
  if (status.ok()) status = trail_->limits.Write();
  if (status.ok()) status = trail_->sessions.Write(batch_.head().seq);
  if (status.ok() && more) status = more(trail_->database);
  if (status.ok()) status = trail_->statements.commit.Run();
  if (!status.ok()) return status;
  head_ = batch_.head();
  trail_->sessions.Committed();
  return status;
}

// The transaction has written nothing yet and the lock is ours, so it can be
// begun again and finds the same head.
Status SqliteWriter::UseDurability(Durability durability) {
  if (durability == durability_) return Done{};
  Status status = trail_->statements.rollback.Run();
  if (status.ok()) {
    status = trail_->database.Execute(durability == Durability::kFull
                                          ? "PRAGMA synchronous=FULL"
                                          : "PRAGMA synchronous=NORMAL");
  }
  if (status.ok()) durability_ = durability;
  return status.ok() ? trail_->statements.begin.Run() : status;
}

void SqliteWriter::RollBack() {
  if (trail_->database.InTransaction()) (void)trail_->statements.rollback.Run();
}

void SqliteWriter::End() {
  if (!trail_) return;
  RollBack();
  trail_->limits.Forget();
  trail_->sessions.Forget();
}

void SqliteWriter::NoteCommit(Durability durability) {
  if (log_ < 0) KeepLog();
  if (durability == Durability::kFull) (void)head_file_.Advance(head_);
}

// A whole checkpoint syncs the log first, so the head file may follow.
bool SqliteWriter::Checkpoint(Database::Checkpoint kind) {
  // Other guards may have written since our last batch.
  if (!ReadHead().ok() || !checkpoints_.Run(trail_->database, kind)) {
    return false;
  }
  (void)head_file_.Advance(head_);
  return true;
}

}  // namespace gatehouse::audit
