// SPDX-License-Identifier: Apache-2.0
// A batch lives from its first Append to Commit or Rollback, and the writer
// lock with it. Rows are sealed in memory as they come and inserted at Commit,
// because only then is it known how durable the transaction must be, and
// SQLite takes that setting outside a transaction only. So a commit that fails
// leaves nothing behind.
#include "audit/sqlite_sink.h"

#include <sys/stat.h>

#include <optional>
#include <utility>
#include <vector>

#include "audit/head_file.h"
#include "audit/sqlite_batch.h"
#include "audit/sqlite_trail.h"
#include "audit/trail_files.h"
#include "audit/writer_lock.h"

namespace gatehouse::audit {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// The file behind a path; another one there is another trail.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

std::optional<FileIdentity> Identify(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  return FileIdentity{info.st_dev, info.st_ino};
}

class SqliteSink : public Sink {
 public:
  SqliteSink(TrailFiles files, const SinkOptions& options)
      : files_(std::move(files)),
        options_(options),
        lock_(files_.lock),
        head_file_(files_.head) {}
  ~SqliteSink() override;

  Status Open();

  Result<Sequence> Append(const Record& record) override;
  Result<std::optional<std::size_t>> CountLimits(
      std::span<const LimitUse> uses) override;
  Status Commit(Durability durability) override;
  void Rollback() override;
  Status KeepPolicy(std::string_view hash, std::string_view text) override;
  Status KeepDefinition(const ToolDefinition& definition) override;
  Result<std::vector<ToolDefinition>> Definitions(
      std::string_view server) override;
  void Idle() override;

 private:
  Status OpenLocked();
  Status Begin();
  Status BeginLocked();
  Status ReadHead();
  Status EnterSession();
  Status KeepSlot(std::int64_t lowest);
  Status WriteBatch(Durability durability);
  Status UseDurability(Durability durability);
  void AfterCommit(Durability durability);
  void RunCheckpoint(Database::Checkpoint kind);
  void EndBatch();

  TrailFiles files_;
  SinkOptions options_;
  WriterLock lock_;
  HeadFile head_file_;
  std::optional<FileIdentity> identity_;
  std::optional<SqliteTrail> trail_;

  Durability durability_ = Durability::kNormal;  // of the connection
  ChainHead head_;                               // as stored
  SqliteBatch batch_;
  std::int64_t slot_ = 0;

  int log_pages_ = 0;
  int pages_at_checkpoint_ = 0;
  Clock::time_point last_checkpoint_ = Clock::now();
  Clock::time_point last_commit_ = Clock::now();
};

// The last connection's close checkpoints, so it is done under the lock. If
// another guard is stuck with it, the kernel closes for us, which does not.
SqliteSink::~SqliteSink() {
  Rollback();
  if (!trail_) return;
  const Status locked = lock_.Acquire(options_.lock_wait);
  if (!locked.ok()) {
    // Not closing leaks the connection until the process ends, and is safe.
    (void)new std::optional<SqliteTrail>(std::move(trail_));
    return;
  }
  (void)trail_->sessions.Leave();  // else the next start looks for our calls
  if (log_pages_ > 0) RunCheckpoint(Database::Checkpoint::kPassive);
  trail_.reset();
}

Status SqliteSink::Open() {
  const Status locked = lock_.Acquire(options_.lock_wait);
  if (!locked.ok()) return locked;
  const Status opened = OpenLocked();
  lock_.Release();
  return opened.ok() && !options_.self.session.empty() ? EnterSession()
                                                       : opened;
}

// What guards that are gone left open gets its end, and this one is noted.
Status SqliteSink::EnterSession() {
  Status status = Begin();
  if (!status.ok()) return status;
  SqliteSessions& sessions = trail_->sessions;
  const auto outcomes = sessions.TakeGone(
      [this](std::int64_t slot) { return lock_.IsSlotKept(slot); });
  Result<std::int64_t> slot = sessions.NextSlot();
  if (!outcomes.ok()) status = outcomes.error();
  if (!slot.ok()) status = slot.error();
  if (status.ok()) {
    for (const Record& outcome : outcomes.value()) batch_.Add(outcome);
    status = KeepSlot(slot.value());
  }
  if (status.ok()) {
    status = sessions.Enter(slot_, options_.self, batch_.head().seq + 1);
  }
  if (status.ok()) return Commit(Durability::kNormal);
  Rollback();
  return status;
}

// A guard that ends has no row any more before it gives up its slot.
Status SqliteSink::KeepSlot(std::int64_t lowest) {
  for (slot_ = lowest;; ++slot_) {
    const Result<bool> kept = lock_.KeepSlot(slot_);
    if (!kept.ok()) return kept.error();
    if (kept.value()) return Done{};
  }
}

Status SqliteSink::OpenLocked() {
  Status status = EnsurePrivateFile(files_.database);
  if (status.ok()) {
    status = CheckFileSystem(files_.database, options_.file_systems);
  }
  if (!status.ok()) return status;
  identity_ = Identify(files_.database);
  Result<SqliteTrail> opened =
      OpenSqliteTrail(files_.database, options_.max_bytes);
  if (!opened.ok()) return opened.error();
  trail_ = std::move(opened).value();
  trail_->database.ReportLogPages(&log_pages_);
  return Done{};
}

Status SqliteSink::Begin() {
  if (lock_.held()) return Done{};
  const Status locked = lock_.Acquire(options_.lock_wait);
  if (!locked.ok()) return locked;
  const Status begun = BeginLocked();
  if (!begun.ok()) EndBatch();
  return begun;
}

Status SqliteSink::BeginLocked() {
  // SQLite would go on writing to a file that no name leads to any more.
  if (Identify(files_.database) != identity_) {
    return Error{ErrorCode::kIo,
                 files_.database + " was removed or replaced by another file"};
  }
  Status begun = trail_->statements.begin.Run();
  if (begun.ok()) begun = ReadHead();
  if (begun.ok()) batch_.Begin(head_);
  return begun;
}

// From the database and not from memory: other guards append to it too.
Status SqliteSink::ReadHead() {
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

Result<Sequence> SqliteSink::Append(const Record& record) {
  const Status begun = Begin();
  if (!begun.ok()) return begun.error();
  const Sequence seq = batch_.Add(record);
  trail_->sessions.Note(record, seq);
  return seq;
}

Result<std::optional<std::size_t>> SqliteSink::CountLimits(
    std::span<const LimitUse> uses) {
  const Status begun = Begin();
  if (!begun.ok()) return begun.error();
  return trail_->limits.Count(uses);
}

Status SqliteSink::KeepPolicy(std::string_view hash, std::string_view text) {
  const Status begun = Begin();
  if (!begun.ok()) return begun;
  batch_.KeepPolicy(hash, text);
  return Done{};
}

Status SqliteSink::KeepDefinition(const ToolDefinition& definition) {
  const Status begun = Begin();
  if (!begun.ok()) return begun;
  batch_.KeepDefinition(definition);
  return Done{};
}

Result<std::vector<ToolDefinition>> SqliteSink::Definitions(
    std::string_view server) {
  Statement& rows = trail_->statements.definitions.BindText(1, server);
  std::vector<ToolDefinition> found;
  while (true) {
    const Result<Statement::Stepped> stepped = rows.Step();
    if (!stepped.ok() || stepped.value() == Statement::Stepped::kDone) {
      rows.Reset();
      if (!stepped.ok()) return stepped.error();
      return found;
    }
    found.push_back({std::string(server), std::string(rows.Text(0)),
                     std::string(rows.Text(1)), std::string(rows.Text(2)),
                     rows.Integer(3), rows.Integer(4) != 0});
  }
}

Status SqliteSink::Commit(Durability durability) {
  if (!lock_.held()) return Done{};
  Status written = WriteBatch(durability);
  if (written.ok()) {
    head_ = batch_.head();
    trail_->sessions.Committed();
    AfterCommit(durability);
  }
  EndBatch();
  return written;
}

Status SqliteSink::WriteBatch(Durability durability) {
  Status status = UseDurability(durability);
  if (status.ok()) status = batch_.Write(*trail_);
  if (status.ok()) status = trail_->limits.Write();
  if (status.ok()) status = trail_->sessions.Write(batch_.head().seq);
  return status.ok() ? trail_->statements.commit.Run() : status;
}

// The transaction has written nothing yet and the lock is ours, so it can be
// begun again and finds the same head.
Status SqliteSink::UseDurability(Durability durability) {
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

void SqliteSink::AfterCommit(Durability durability) {
  last_commit_ = Clock::now();
  if (durability == Durability::kFull) (void)head_file_.Write(head_);
  // The log starts over once a checkpoint has emptied it.
  if (log_pages_ < pages_at_checkpoint_) pages_at_checkpoint_ = 0;
  if (log_pages_ - pages_at_checkpoint_ >= options_.checkpoint_pages) {
    RunCheckpoint(Database::Checkpoint::kPassive);
  }
}

// Failure costs nothing but a longer log: the next one tries again. A whole
// checkpoint syncs the log first, so the head file may follow.
void SqliteSink::RunCheckpoint(Database::Checkpoint kind) {
  last_checkpoint_ = Clock::now();
  pages_at_checkpoint_ = log_pages_;
  // Other guards may have written since our last batch.
  if (!ReadHead().ok()) return;
  const Result<bool> whole = trail_->database.RunCheckpoint(kind);
  if (!whole.ok() || !whole.value()) return;
  if (kind == Database::Checkpoint::kTruncate) {
    log_pages_ = pages_at_checkpoint_ = 0;
  }
  (void)head_file_.Write(head_);
}

void SqliteSink::Rollback() {
  if (lock_.held()) EndBatch();
}

void SqliteSink::EndBatch() {
  if (trail_->database.InTransaction()) (void)trail_->statements.rollback.Run();
  trail_->limits.Forget();
  trail_->sessions.Forget();
  lock_.Release();
}

// The log is emptied in quiet moments only, and cut only when none came for as
// long as a checkpoint's interval: growing it anew makes every sync dearer.
void SqliteSink::Idle() {
  const Clock::time_point now = Clock::now();
  const auto interval = options_.checkpoint_every;
  if (log_pages_ == 0 || lock_.held() || now - last_checkpoint_ < interval) {
    return;
  }
  if (!lock_.Acquire(milliseconds(0)).ok()) return;
  RunCheckpoint(now - last_commit_ >= interval
                    ? Database::Checkpoint::kTruncate
                    : Database::Checkpoint::kPassive);
  lock_.Release();
}

}  // namespace

Result<std::unique_ptr<Sink>> OpenSqliteSink(const std::string& path,
                                             const SinkOptions& options) {
  Result<TrailFiles> files = PrepareTrailFiles(path);
  if (!files.ok()) return files.error();
  auto sink = std::make_unique<SqliteSink>(std::move(files).value(), options);
  const Status opened = sink->Open();
  if (!opened.ok()) return opened.error();
  return std::unique_ptr<Sink>(std::move(sink));
}

}  // namespace gatehouse::audit
