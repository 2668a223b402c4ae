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

#include "audit/chain.h"
#include "audit/digest.h"
#include "audit/head_file.h"
#include "audit/sqlite_database.h"
#include "audit/sqlite_trail.h"
#include "audit/trail_files.h"
#include "audit/writer_lock.h"

namespace gatehouse::audit {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kSaltBytes = 16;

struct Policy {
  std::string hash;
  std::string text;
};

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
  Status WriteBatch(Durability durability);
  Status UseDurability(Durability durability);
  Status InsertRow(const StoredRecord& row);
  Status InsertDefinition(const ToolDefinition& definition);
  Status MoveHead();
  void AfterCommit(Durability durability);
  void RunCheckpoint(Database::Checkpoint kind);
  void EndBatch();

  TrailFiles files_;
  SinkOptions options_;
  WriterLock lock_;
  HeadFile head_file_;
  std::optional<FileIdentity> identity_;
  std::optional<SqliteTrail> trail_;
  Sha256 hasher_;

  Durability durability_ = Durability::kNormal;  // of the connection
  ChainHead head_;                               // as stored
  ChainHead next_head_;                          // with the batch
  std::vector<StoredRecord> rows_;
  std::vector<Policy> policies_;
  std::vector<ToolDefinition> definitions_;

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
  if (log_pages_ > 0) RunCheckpoint(Database::Checkpoint::kPassive);
  trail_.reset();
}

Status SqliteSink::Open() {
  const Status locked = lock_.Acquire(options_.lock_wait);
  if (!locked.ok()) return locked;
  const Status opened = OpenLocked();
  lock_.Release();
  return opened;
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
  const Status begun = trail_->statements.begin.Run();
  return begun.ok() ? ReadHead() : begun;
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
  next_head_ = head_;
  trail_->statements.head.Reset();
  return Done{};
}

Result<Sequence> SqliteSink::Append(const Record& record) {
  const Status begun = Begin();
  if (!begun.ok()) return begun.error();
  rows_.push_back(Seal(hasher_, next_head_, record, RandomBytes(kSaltBytes)));
  next_head_.seq = rows_.back().seq;
  next_head_.hash = rows_.back().hash;
  return next_head_.seq;
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
  policies_.push_back({std::string(hash), std::string(text)});
  return Done{};
}

Status SqliteSink::KeepDefinition(const ToolDefinition& definition) {
  const Status begun = Begin();
  if (!begun.ok()) return begun;
  definitions_.push_back(definition);
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
    head_ = next_head_;
    AfterCommit(durability);
  }
  EndBatch();
  return written;
}

Status SqliteSink::WriteBatch(Durability durability) {
  Status status = UseDurability(durability);
  for (const Policy& policy : policies_) {
    if (!status.ok()) return status;
    status = trail_->statements.keep_policy.BindText(1, policy.hash)
                 .BindText(2, policy.text)
                 .Run();
  }
  for (const ToolDefinition& definition : definitions_) {
    if (!status.ok()) return status;
    status = InsertDefinition(definition);
  }
  for (const StoredRecord& row : rows_) {
    if (!status.ok()) return status;
    status = InsertRow(row);
  }
  if (status.ok()) status = trail_->limits.Write();
  if (status.ok() && !rows_.empty()) status = MoveHead();
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

Status SqliteSink::InsertRow(const StoredRecord& row) {
  return trail_->statements.insert
      .BindInteger(1, static_cast<std::int64_t>(row.seq))
      .BindInteger(2, row.time_ns)
      .BindText(3, row.stage)
      .BindText(4, row.session)
      .BindText(5, row.call)
      .BindText(6, row.tool)
      .BindText(7, row.decision)
      .BindText(8, row.code)
      .BindText(9, row.namespaces)
      .BindBlob(10, row.digest)
      .BindBlob(11, row.previous)
      .BindBlob(12, row.hash)
      .BindBlob(13, row.salt)
      .BindText(14, *row.payload)
      .Run();
}

Status SqliteSink::InsertDefinition(const ToolDefinition& definition) {
  return trail_->statements.keep_definition.BindText(1, definition.server)
      .BindText(2, definition.tool)
      .BindText(3, definition.hash)
      .BindText(4, definition.text)
      .BindInteger(5, definition.seen_ns)
      .BindInteger(6, definition.accepted ? 1 : 0)
      .Run();
}

// Names the old head, so that a writer that does not know the lock cannot
// fork the chain.
Status SqliteSink::MoveHead() {
  const Status moved =
      trail_->statements.move_head
          .BindInteger(1, static_cast<std::int64_t>(next_head_.seq))
          .BindBlob(2, next_head_.hash)
          .BindInteger(3, static_cast<std::int64_t>(head_.seq))
          .BindBlob(4, head_.hash)
          .Run();
  if (!moved.ok() || trail_->database.Changes() == 1) return moved;
  return Error{ErrorCode::kCorrupt,
               "the head of the audit trail was moved by a writer without the "
               "lock"};
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

// Failure costs nothing but a longer log: the next one tries again. A
// checkpoint syncs the log first, so the head file may follow.
void SqliteSink::RunCheckpoint(Database::Checkpoint kind) {
  last_checkpoint_ = Clock::now();
  pages_at_checkpoint_ = log_pages_;
  // Other guards may have written since our last batch.
  if (!ReadHead().ok() || !trail_->database.RunCheckpoint(kind).ok()) return;
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
  rows_.clear();
  policies_.clear();
  trail_->limits.Forget();
  definitions_.clear();
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
