// SPDX-License-Identifier: Apache-2.0
#include "audit/prune.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "audit/digest.h"
#include "audit/rotation.h"
#include "audit/segment_copy.h"
#include "audit/segment_table.h"
#include "audit/sqlite_writer.h"
#include "audit/trail_files.h"
#include "audit/trail_room.h"
#include "audit/utc_time.h"
#include "audit/writer_lock.h"
#include "policy/json_writer.h"
#include "policy/time_text.h"

namespace gatehouse::audit {
namespace {

namespace fs = std::filesystem;

// So many records for each time that guards wait for the lock.
constexpr Sequence kErasedOfAStep = 500;

// Events stay: they say what was let go, among other things.
constexpr const char* kErasable =
    " stage <> 'event' AND payload IS NOT NULL AND seq <= ";

std::string Number(Sequence seq) { return std::to_string(seq); }

std::string PartOf(const std::string& segment) { return segment + ".part"; }

Status RemoveIfThere(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return Done{};
  return SystemError("remove", path);
}

// What whoever was killed over a segment has left: a copy that is not whole,
// or what SQLite needs to take back half a transaction.
Status Mend(const std::string& segment) {
  Status removed = RemoveIfThere(PartOf(segment));
  if (!removed.ok()) return removed;
  if (access((segment + "-journal").c_str(), F_OK) != 0) return Done{};
  Result<Database> file = Database::Open(segment, Database::Access::kReadWrite);
  if (!file.ok()) return file.error();
  const auto read = file.value().QueryInteger("PRAGMA user_version");
  return read.ok() ? Status(Done{}) : Status(read.error());
}

Status EraseInCopy(const std::string& copy, Sequence last) {
  Result<Database> file = Database::Open(copy, Database::Access::kReadWrite);
  if (!file.ok()) return file.error();
  // Nothing is promised of it before it is synced as a whole. (OFF is not for a
  // connection that is defensive.)
  return file.value().Execute(
      ("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
       "PRAGMA secure_delete=ON;"
       "UPDATE record SET payload = NULL, salt = NULL WHERE" +
       std::string(kErasable) + Number(last))
          .c_str());
}

// Whether there is something to erase: a segment that was erased before is not
// written anew each time.
Result<bool> HoldsPayloads(const std::string& path, Sequence last) {
  Result<Database> file = Database::Open(path, Database::Access::kReadOnly);
  if (!file.ok()) return file.error();
  const auto found = file.value().QueryInteger("SELECT 1 FROM record WHERE" +
                                               std::string(kErasable) +
                                               Number(last) + " LIMIT 1");
  if (!found.ok()) return found.error();
  return found.value() != 0;
}

Status EraseInSegment(const std::string& path, Sequence last) {
  const std::string part = PartOf(path);
  std::error_code error;
  fs::copy_file(path, part, error);  // with its mode
  if (error) {
    errno = error.value();
    return SystemError("copy to", part);
  }
  Status status = EraseInCopy(part, last);
  if (status.ok()) status = SyncToDisk(part);
  if (status.ok() && rename(part.c_str(), path.c_str()) != 0) {
    status = SystemError("rename", part);
  }
  return status;
}

class Pruner {
 public:
  Pruner(const TrailFiles& files, const PrunePlan& plan)
      : files_(files),
        plan_(plan),
        lock_(files.lock),
        copying_(files.lock),
        writer_(files, Options(plan), lock_) {}
  ~Pruner() {
    if (writer_.is_open()) (void)Locked([this] { return Closed(); });
  }

  Result<PruneReport> Run();

 private:
  static SinkOptions Options(const PrunePlan& plan) {
    SinkOptions options;
    options.self = plan.self;
    options.self.session.clear();  // no guard: nothing is entered or closed
    return options;
  }
  template <typename Work>
  Status Locked(const Work& work) {
    Status status = lock_.Acquire(plan_.lock_wait);
    if (!status.ok()) return status;
    status = work();
    writer_.End();
    lock_.Release();
    return status;
  }
  Status Closed() {
    writer_.Close();
    return Done{};
  }
  Status Open();
  Status CheckRetention();
  Status RemoveUnlisted();
  Status DeleteLeftovers();
  Status FindSegments();
  Status FindPayloads();
  Status Say(std::string_view event,
             const std::function<Status(Database&)>& more);
  Status RemoveFiles();
  Status EraseInSegments();
  Status EraseInDatabase();
  Result<Sequence> Newest(Database& database) const;

  TrailFiles files_;
  PrunePlan plan_;
  WriterLock lock_;
  WriterLock copying_;  // for its slot: no guard makes a segment meanwhile
  SqliteWriter writer_;
  std::vector<Segment> segments_;  // all that are kept
  std::vector<Segment> going_;
  PruneReport report_;
};

Status Pruner::Open() {
  const Result<bool> alone = copying_.KeepSlot(kSegmentSlot);
  if (!alone.ok()) return alone.error();
  if (!alone.value()) {
    return Error{ErrorCode::kBusy,
                 "a guard is making a segment; try again in a minute"};
  }
  return Locked([this] {
    Status status = writer_.Open(0);
    if (!status.ok()) return status;
    status = writer_.database().Execute("PRAGMA secure_delete=ON");
    if (status.ok()) status = CheckRetention();
    if (!status.ok()) return status;
    Result<std::vector<Segment>> segments = ReadSegments(writer_.database());
    if (!segments.ok()) return Status(segments.error());
    segments_ = std::move(segments).value();
    for (const Segment& segment : segments_) {
      if (status.ok())
        status = Mend(SegmentPath(files_.database, segment.file));
    }
    return status.ok() ? RemoveUnlisted() : status;
  });
}

// The copy of a guard that was killed before it entered the segment. No reader
// looks at it, and its records still stand in the database, but it holds their
// payloads. The slot says that no guard is at it now.
Status Pruner::RemoveUnlisted() {
  const std::int64_t next = segments_.empty() ? 1 : segments_.back().number + 1;
  const std::string file = SegmentName(files_.database, next);
  if (std::ranges::find(segments_, file, &Segment::file) != segments_.end()) {
    return Done{};
  }
  const std::string path = SegmentPath(files_.database, file);
  for (const std::string& left :
       {path, path + "-journal", PartOf(path), PartOf(path) + "-journal"}) {
    Status removed = RemoveIfThere(left);
    if (!removed.ok()) return removed;
  }
  return SyncToDisk(fs::path(files_.database).parent_path());
}

// What a guard that was killed had moved to a segment and not yet deleted: the
// segment is its record, and no reader looks here.
Status Pruner::DeleteLeftovers() {
  bool more = true;
  while (more) {
    Status deleted = Locked([&] {
      const Result<bool> step = DeleteMoved(writer_.database());
      more = step.ok() && step.value();
      return step.ok() ? Status(Done{}) : Status(step.error());
    });
    if (!deleted.ok()) return deleted;
  }
  return Done{};
}

Status Pruner::CheckRetention() {
  const auto kept = writer_.database().QueryInteger(
      "SELECT value FROM setting WHERE name = 'retention_s'");
  if (!kept.ok()) return kept.error();
  if (plan_.before_ns <=
      NowNanoseconds() - kept.value() * kNanosecondsPerSecond) {
    return Done{};
  }
  return Error{ErrorCode::kInvalid,
               "the trail's retention is " +
                   DurationText(std::chrono::seconds(kept.value())) +
                   ": younger records stay"};
}

// The newest record of an earlier time; times may go back, so by number.
Result<Sequence> Pruner::Newest(Database& database) const {
  const auto first_kept =
      database.QueryInteger("SELECT min(seq) FROM record WHERE time_ns >= " +
                            std::to_string(plan_.before_ns));
  if (!first_kept.ok()) return first_kept.error();
  if (first_kept.value() > 0) {
    return static_cast<Sequence>(first_kept.value() - 1);
  }
  const auto newest = database.QueryInteger("SELECT max(seq) FROM record");
  if (!newest.ok()) return newest.error();
  return static_cast<Sequence>(newest.value());
}

Status Pruner::FindSegments() {
  for (const Segment& segment : segments_) {
    if (segment.pruned) continue;
    const std::string path = SegmentPath(files_.database, segment.file);
    if (access(path.c_str(), F_OK) == 0) {
      Result<Database> file = Database::Open(path, Database::Access::kReadOnly);
      if (!file.ok()) return file.error();
      const Result<Sequence> newest = Newest(file.value());
      if (!newest.ok()) return newest.error();
      if (newest.value() < segment.last) break;
      std::error_code ignored;
      report_.bytes += fs::file_size(path, ignored);
    }
    going_.push_back(segment);
  }
  if (going_.empty()) return Done{};
  report_.segments = going_.size();
  report_.first = going_.front().first;
  report_.last = going_.back().last;
  report_.records = report_.last - report_.first + 1;
  return Done{};
}

// What stands in the database counts by itself; a segment, if all of it is
// older or the newest of it in part.
Status Pruner::FindPayloads() {
  const auto count = [this](Database& database, Sequence after) -> Status {
    const Result<Sequence> newest = Newest(database);
    if (!newest.ok()) return newest.error();
    if (newest.value() == 0) return Done{};
    const auto here = database.QueryInteger(
        "SELECT count(*) FROM record WHERE" + std::string(kErasable) +
        Number(newest.value()) + " AND seq > " + Number(after));
    if (!here.ok()) return here.error();
    report_.records += static_cast<std::uint64_t>(here.value());
    report_.last = std::max(report_.last, newest.value());
    return Done{};
  };
  for (const Segment& segment : segments_) {
    const std::string path = SegmentPath(files_.database, segment.file);
    if (segment.pruned || access(path.c_str(), F_OK) != 0) continue;
    Result<Database> file = Database::Open(path, Database::Access::kReadOnly);
    if (!file.ok()) return file.error();
    Status counted = count(file.value(), 0);
    if (!counted.ok()) return counted;
    going_.push_back(segment);
  }
  // What a segment holds, too, was counted there.
  const Sequence moved = segments_.empty() ? 0 : segments_.back().last;
  Status counted = count(writer_.database(), moved);
  if (report_.records > 0) report_.first = LastPruned(segments_).last + 1;
  return counted;
}

// On the disk before anything goes.
Status Pruner::Say(std::string_view event,
                   const std::function<Status(Database&)>& more) {
  JsonWriter facts;
  facts.BeginObject();
  facts.Key("first").Unsigned(report_.first);
  facts.Key("last").Unsigned(report_.last);
  facts.Key("count").Unsigned(report_.records);
  if (plan_.what == PruneWhat::kSegments) {
    facts.Key("head").String(Hex(going_.back().head));
  }
  facts.EndObject();
  Record record = SinkEvent(plan_.self, std::string(event),
                            "records " + Number(report_.first) + " to " +
                                Number(report_.last) + ", older than " +
                                FormatUtc(plan_.before_ns));
  record.arguments = facts.Take();
  return Locked([&] {
    Status status = writer_.Start();
    if (!status.ok()) return status;
    report_.record = writer_.batch().Add(record);
    status = writer_.Write(Durability::kFull, more);
    if (status.ok()) writer_.NoteCommit(Durability::kFull);
    if (status.ok() && writer_.IsCheckpointDue()) {
      (void)writer_.Checkpoint(Database::Checkpoint::kPassive);
    }
    return status;
  });
}

// Those of an earlier prune, too, that was cut off here.
Status Pruner::RemoveFiles() {
  for (const Segment& segment : segments_) {
    if (segment.last > report_.last && !segment.pruned) continue;
    Status removed = RemoveIfThere(SegmentPath(files_.database, segment.file));
    if (!removed.ok()) return removed;
  }
  return Done{};
}

// In copies that take the segments' names when they are whole: an erasure that
// is cut off in the segment itself would leave a journal beside it, without
// which it is not sound, and with which nobody can read it who may not write.
Status Pruner::EraseInSegments() {
  for (const Segment& segment : going_) {
    const std::string path = SegmentPath(files_.database, segment.file);
    const Result<bool> holds = HoldsPayloads(path, report_.last);
    if (!holds.ok()) return holds.error();
    if (!holds.value()) continue;
    Status erased = EraseInSegment(path, report_.last);
    if (!erased.ok()) {
      (void)unlink(PartOf(path).c_str());
      return erased;
    }
  }
  return SyncToDisk(fs::path(files_.database).parent_path());
}

// The log holds what the pages held before, so it is emptied at the end.
Status Pruner::EraseInDatabase() {
  Database& database = writer_.database();
  Sequence from = going_.empty() ? 0 : going_.back().last;
  for (; from < report_.last; from += kErasedOfAStep) {
    const Sequence to = std::min(from + kErasedOfAStep, report_.last);
    Status erased = Locked([&] {
      return database.Execute(
          ("UPDATE record SET payload = NULL, salt = NULL WHERE seq > " +
           Number(from) + " AND" + kErasable + Number(to))
              .c_str());
    });
    if (!erased.ok()) return erased;
  }
  return Locked([this] {
    writer_.Checkpoint(Database::Checkpoint::kTruncate);
    return Status(Done{});
  });
}

Result<PruneReport> Pruner::Run() {
  Status status = Open();
  if (status.ok() && !plan_.only_look) status = DeleteLeftovers();
  if (!status.ok()) return status.error();
  const bool segments = plan_.what == PruneWhat::kSegments;
  status = segments ? FindSegments() : FindPayloads();
  if (!status.ok()) return status.error();
  if (plan_.only_look) return report_;
  if (segments) {
    if (report_.records > 0) {
      status = Say(kSegmentsPruned, [this](Database& database) {
        return database.Execute(("UPDATE segment SET pruned = 1 WHERE"
                                 " last_seq <= " +
                                 Number(report_.last))
                                    .c_str());
      });
    }
    if (status.ok()) status = RemoveFiles();
  } else if (report_.records > 0) {
    status = Say(kPayloadsErased, nullptr);
    if (status.ok()) status = EraseInSegments();
    if (status.ok()) status = EraseInDatabase();
  }
  if (!status.ok()) return status.error();
  return report_;
}

}  // namespace

Result<PruneReport> Prune(const std::string& database, const PrunePlan& plan) {
  const TrailFiles files = FindTrailFiles(database);
  const Status ours = CheckOwnTrail(files.database);
  if (!ours.ok()) return ours.error();
  return Pruner(files, plan).Run();
}

}  // namespace gatehouse::audit
