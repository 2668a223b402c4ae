// SPDX-License-Identifier: Apache-2.0
// A batch lives from its first Append to Commit or Rollback, and the writer
// lock with it. Rows are sealed in memory as they come and inserted at Commit,
// because only then is it known how durable the transaction must be, and
// SQLite takes that setting outside a transaction only. So a commit that fails
// leaves nothing behind.
#include "audit/sqlite_sink.h"

#include <utility>
#include <vector>

#include "audit/clock_watch.h"
#include "audit/rotation.h"
#include "audit/sqlite_writer.h"
#include "audit/trail_files.h"
#include "audit/trail_room.h"
#include "audit/trail_sync.h"
#include "audit/writer_lock.h"

namespace gatehouse::audit {
namespace {

using std::chrono::milliseconds;
using File = SqliteWriter::File;

class SqliteSink : public Sink {
 public:
  SqliteSink(const TrailFiles& files, const SinkOptions& options)
      : files_(files),
        options_(options),
        lock_(files.lock, options.stop),
        writer_(files, options, lock_),
        room_(files.ballast, options),
        rotation_(files, options),
        sync_(files.database),
        ahead_(files.database) {}
  ~SqliteSink() override;

  Status Open();

  Result<Sequence> Append(const Record& record) override;
  Result<std::optional<std::size_t>> CountLimits(
      std::span<const LimitUse> uses) override;
  Status Commit(Durability durability) override;
  std::uint64_t StartSync() override;
  std::optional<Synced> TakeSynced() override;
  int synced_fd() const override { return sync_.fd(); }
  void Rollback() override;
  Status KeepPolicy(std::string_view hash, std::string_view text) override;
  Status KeepDefinition(const ToolDefinition& definition) override;
  Result<std::vector<ToolDefinition>> Definitions(
      std::string_view server) override;
  void Idle() override;

 private:
  Status OpenLocked();
  void NoteCut(const ChainHead& missing);
  Status Reopen();
  Status Begin();
  Status BeginLocked();
  Status Write(Durability durability);
  Status WriteLastRecords(Durability durability, const Status& refused);
  void Rotate();
  bool EmptyLog();
  void EndBatch();
  bool DiskAnswers();
  void WarnOfDisk() const;

  TrailFiles files_;
  SinkOptions options_;
  WriterLock lock_;
  SqliteWriter writer_;
  TrailRoom room_;
  Rotation rotation_;
  TrailSync sync_;
  TrailSync ahead_;                // of checkpoints
  std::uint64_t asked_ahead_ = 0;  // what of it has no end yet
  ClockWatch clock_;
  std::vector<Record> notices_;  // that ride along with the next commit
  std::chrono::steady_clock::time_point last_rotation_;
};

SqliteSink::~SqliteSink() {
  Rollback();
  rotation_.Stop();
  // To close is to wait for the disk, and here nobody can be left behind: so
  // the thread goes first. The writer's connection is to be the last, too.
  if (writer_.has_log() && writer_.Look() == File::kOurs) {
    sync_.Start(writer_.identity(), writer_.head());
  }
  const bool disk_answers =
      sync_.Stop(options_.disk_patience) && ahead_.Stop(options_.disk_patience);
  if (!disk_answers) WarnOfDisk();
  if (!writer_.is_open()) return;
  // Under the lock, for SQLite's race. If another guard is stuck with it, the
  // kernel closes for us, which does not checkpoint: no more than we may do on
  // a disk that hangs.
  if (disk_answers && lock_.Acquire(options_.lock_wait).ok()) {
    writer_.Close();
  } else {
    writer_.Leak();
  }
}

// Whoever waits in a checkpoint for a disk that hangs hears neither the client
// nor a signal any more. So another thread syncs the log first, which the
// checkpoint would do anyway, and while it does not come back there is none.
bool SqliteSink::DiskAnswers() {
  const bool is_new = asked_ahead_ == 0;
  if (is_new) asked_ahead_ = ahead_.Start(writer_.identity(), writer_.head());
  if (!ahead_.Await(asked_ahead_,
                    is_new ? options_.disk_patience : milliseconds(0))) {
    return false;
  }
  asked_ahead_ = 0;
  while (ahead_.Take()) continue;
  ahead_.Mend();  // whether the log is on the disk is the checkpoint's question
  return true;
}

// No record can say so: it would be one more that the disk is to take.
void SqliteSink::WarnOfDisk() const {
  if (!options_.warn) return;
  options_.warn("the audit trail: the disk has not answered for " +
                std::to_string(options_.disk_patience.count()) +
                " ms; the guard ends without it, and its last records may be "
                "lost in a power cut");
}

Status SqliteSink::Open() {
  if (!sync_.usable()) return SystemError("make an event for", files_.database);
  Status locked = lock_.Acquire(options_.lock_wait);
  if (!locked.ok()) return locked;
  Status opened = OpenLocked();
  lock_.Release();
  return opened;
}

Status SqliteSink::OpenLocked() {
  Status opened = writer_.Open(room_.OrdinaryBytes());
  if (!opened.ok()) return opened;
  room_.Look(writer_.database());
  if (writer_.missing_head()) NoteCut(*writer_.missing_head());
  return opened;
}

// The head file stays ahead until the chain has as many records again: so it
// is this record that tells of the cut for good.
void SqliteSink::NoteCut(const ChainHead& missing) {
  const std::string detail =
      files_.head + " names record " + std::to_string(missing.seq) +
      " of this chain with the hash " + Hex(missing.hash) +
      ", which the database does not have: records were cut off, or an older "
      "copy was put back";
  if (options_.warn) options_.warn("the audit trail: " + detail);
  notices_.push_back(SinkEvent(options_.self, "trail cut", detail));
}

Status SqliteSink::Begin() {
  if (lock_.held()) return Done{};
  Status locked = lock_.Acquire(options_.lock_wait);
  if (!locked.ok()) return locked;
  Status begun = BeginLocked();
  if (!begun.ok()) EndBatch();
  return begun;
}

Status SqliteSink::BeginLocked() {
  switch (writer_.Look()) {
    case File::kGone:
      return Error{ErrorCode::kIo,
                   files_.database +
                       " was removed; put it back, or start another session, "
                       "which begins a new trail"};
    case File::kEmptied:
      return Error{ErrorCode::kIo,
                   files_.database +
                       " was emptied; put it back, or start another session, "
                       "which begins a new trail"};
    case File::kLogGone:
      return Error{ErrorCode::kIo,
                   files_.database +
                       "-wal was removed or replaced; end all sessions of this "
                       "trail, and start them anew"};
    case File::kAnother: {
      Status reopened = Reopen();
      if (!reopened.ok()) return reopened;
      break;
    }
    case File::kOurs:
      break;
  }
  room_.LookAgain(writer_.database());
  if (const auto step = clock_.Look(ReadClocks())) {
    notices_.push_back(
        SinkEvent(options_.self, "clock step", DescribeStep(*step)));
  }
  return writer_.Start();
}

// There is a trail again, restored or made by the next guard.
Status SqliteSink::Reopen() {
  if (writer_.is_open()) {
    rotation_.Stop();
    notices_.push_back(SinkEvent(options_.self, "trail replaced",
                                 "the database was replaced; until record " +
                                     std::to_string(writer_.head().seq) +
                                     " of chain " + writer_.head().chain +
                                     " this guard wrote to another file"));
    writer_.Close();
  }
  return OpenLocked();
}

Result<Sequence> SqliteSink::Append(const Record& record) {
  const Status begun = Begin();
  if (!begun.ok()) return begun.error();
  if (room_.IsFull() && record.decision && record.decision->Passes()) {
    return Error{ErrorCode::kIo,
                 "the room of the audit trail is used up: " + room_.Describe()};
  }
  const Sequence seq = writer_.batch().Add(record);
  writer_.trail().sessions.Note(record, seq);
  return seq;
}

Result<std::optional<std::size_t>> SqliteSink::CountLimits(
    std::span<const LimitUse> uses) {
  const Status begun = Begin();
  if (!begun.ok()) return begun.error();
  return writer_.trail().limits.Count(uses);
}

Status SqliteSink::KeepPolicy(std::string_view hash, std::string_view text) {
  Status begun = Begin();
  if (begun.ok()) writer_.batch().KeepPolicy(hash, text);
  return begun;
}

Status SqliteSink::KeepDefinition(const ToolDefinition& definition) {
  Status begun = Begin();
  if (begun.ok()) writer_.batch().KeepDefinition(definition);
  return begun;
}

Result<std::vector<ToolDefinition>> SqliteSink::Definitions(
    std::string_view server) {
  if (writer_.is_open()) return ReadDefinitions(writer_.trail(), server);
  return Error{ErrorCode::kIo, "the audit trail is not open"};
}

Status SqliteSink::Commit(Durability durability) {
  if (!lock_.held()) return Done{};
  for (const Record& notice : notices_) writer_.batch().Add(notice);
  for (const Record& notice : room_.notices()) writer_.batch().Add(notice);
  if (rotation_.IsCopied()) {
    writer_.batch().Add(rotation_.ClosedRecord());
    durability = Durability::kFull;
  }
  Status written = Write(durability);
  if (!written.ok() && writer_.database().IsFull()) {
    written = WriteLastRecords(durability, written);
  }
  if (written.ok()) {
    notices_.clear();
    room_.NoticesWritten();
    if (rotation_.IsCopied()) rotation_.Closed();
    writer_.NoteCommit(durability);
    if (writer_.IsCheckpointDue() && DiskAnswers()) {
      (void)writer_.Checkpoint(Database::Checkpoint::kPassive);
    }
  }
  EndBatch();
  if (written.ok()) Rotate();
  return written;
}

Status SqliteSink::Write(Durability durability) {
  return writer_.Write(durability, [this](Database& database) {
    return rotation_.IsCopied() ? rotation_.Close(database) : Status(Done{});
  });
}

// The batch once more, with what was kept back for this. Those of its calls
// that are recorded may go; from the next batch on, none that would act.
Status SqliteSink::WriteLastRecords(Durability durability,
                                    const Status& refused) {
  if (!room_.UseReserve(writer_.database())) return refused;
  Status written = writer_.StartAgain();
  if (written.ok()) {
    writer_.batch().Add(room_.FullRecord());
    written = Write(durability);
  }
  if (!written.ok()) room_.ReserveWasTooSmall(writer_.database());
  return written;
}

std::uint64_t SqliteSink::StartSync() {
  if (sync_.failed() && EmptyLog()) sync_.Mend();
  return sync_.Start(writer_.identity(), writer_.head());
}

// What the disk failed to take stands in the log and may be lost from it: once
// it was written to the database and synced there, the log starts anew.
bool SqliteSink::EmptyLog() {
  if (!writer_.is_open() || !lock_.Acquire(options_.lock_wait).ok()) {
    return false;
  }
  const bool whole = writer_.Look() == File::kOurs && DiskAnswers() &&
                     writer_.Checkpoint(Database::Checkpoint::kTruncate);
  lock_.Release();
  return whole;
}

// The head file may lag, so nobody waits for the lock because of it.
std::optional<Synced> SqliteSink::TakeSynced() {
  std::optional<TrailSync::Ended> ended = sync_.Take();
  if (!ended) return std::nullopt;
  if (ended->status.ok() && !lock_.held() &&
      lock_.Acquire(milliseconds(0)).ok()) {
    if (writer_.Look() == File::kOurs) writer_.NoteOnDisk(ended->head);
    lock_.Release();
  }
  return Synced{ended->through, std::move(ended->status)};
}

void SqliteSink::Rollback() {
  if (lock_.held()) EndBatch();
}

void SqliteSink::EndBatch() {
  writer_.End();
  lock_.Release();
}

// A little at a time, and seldom enough that calls do not feel it.
void SqliteSink::Rotate() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_rotation_ < options_.rotation_pause) return;
  last_rotation_ = now;
  rotation_.CopyStep(writer_.database());
  if (!rotation_.HasLeftovers() || !lock_.Acquire(milliseconds(0)).ok()) return;
  rotation_.DeleteStep(writer_.database());
  lock_.Release();
}

void SqliteSink::Idle() {
  if (!writer_.is_open() || lock_.held()) return;
  if (writer_.Look() == File::kOurs) Rotate();
  const auto due = writer_.DueWhenIdle();
  if (!due || !lock_.Acquire(milliseconds(0)).ok()) return;
  if (writer_.Look() == File::kOurs && DiskAnswers()) {
    (void)writer_.Checkpoint(*due);
  }
  lock_.Release();
}

}  // namespace

Result<std::unique_ptr<Sink>> OpenSqliteSink(const std::string& path,
                                             const SinkOptions& options) {
  const Status ours = CheckNoForeignFile(path);
  if (!ours.ok()) return ours.error();
  const Result<TrailFiles> files = PrepareTrailFiles(path);
  if (!files.ok()) return files.error();
  auto sink = std::make_unique<SqliteSink>(files.value(), options);
  const Status opened = sink->Open();
  if (!opened.ok()) return opened.error();
  return std::unique_ptr<Sink>(std::move(sink));
}

}  // namespace gatehouse::audit
