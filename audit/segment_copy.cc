// SPDX-License-Identifier: Apache-2.0
#include "audit/segment_copy.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "audit/sqlite_schema.h"
#include "audit/sqlite_sessions.h"

namespace gatehouse::audit {
namespace {

constexpr Sequence kCopiedOfAStep = 200;

std::int64_t Number(Sequence seq) { return static_cast<std::int64_t>(seq); }

}  // namespace

SegmentCopy::SegmentCopy(const TrailFiles& files, Segment segment)
    : files_(files),
      segment_(std::move(segment)),
      part_(SegmentPath(files.database, segment_.file) + ".part"),
      lock_(files.lock),
      copied_(segment_.first - 1) {}

SegmentCopy::~SegmentCopy() {
  copy_ = {};
  calls_ = {};
  file_.reset();
  if (!part_.empty()) unlink(part_.c_str());
}

Result<std::unique_ptr<SegmentCopy>> SegmentCopy::Start(
    const TrailFiles& files, Segment segment, const std::string& chain) {
  std::unique_ptr<SegmentCopy> copy(new SegmentCopy(files, std::move(segment)));
  const Result<bool> alone = copy->lock_.KeepSlot(kSegmentSlot);
  if (!alone.ok()) return alone.error();
  if (!alone.value()) {
    copy->part_.clear();  // is another's
    return Error{ErrorCode::kBusy, "another guard makes a segment"};
  }
  const Status prepared = copy->Prepare(chain);
  if (!prepared.ok()) return prepared.error();
  return copy;
}

Status SegmentCopy::Prepare(const std::string& chain) {
  unlink(part_.c_str());  // of a guard that died over it
  Status status = EnsurePrivateFile(part_);
  if (!status.ok()) return status;
  Result<Database> opened = Database::Open(part_, Database::Access::kReadWrite);
  if (!opened.ok()) return opened.error();
  file_ = std::move(opened).value();
  // Nothing is promised of the file before it is synced as a whole.
  status = file_->Execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
  if (status.ok()) status = CreateTrail(*file_, chain);
  if (!status.ok()) return status;
  Result<Statement> attach = file_->Prepare("ATTACH ? AS trail");
  if (!attach.ok()) return attach.error();
  status = attach.value().BindText(1, files_.database).Run();
  if (!status.ok()) return status;
  Result<Statement> copy = file_->Prepare(
      "INSERT INTO main.record SELECT * FROM trail.record"
      " WHERE seq BETWEEN ? AND ?");
  if (!copy.ok()) return copy.error();
  Result<Statement> calls = file_->Prepare(
      "SELECT stage, call, session, tool, decision, payload FROM main.record"
      " WHERE seq BETWEEN ? AND ? AND call <> '' ORDER BY seq");
  if (!calls.ok()) return calls.error();
  copy_ = std::move(copy).value();
  calls_ = std::move(calls).value();
  return Done{};
}

Status SegmentCopy::NoteCalls(Sequence from, Sequence to) {
  calls_.BindInteger(1, Number(from)).BindInteger(2, Number(to));
  return ForEachRow(calls_, [this](const Statement& row) {
    std::string call(row.Text(1));
    if (row.Text(0) != StageName(Stage::kOutcome)) {
      if (!LetThrough(row.Text(4), row.Text(5))) return;
      open_.emplace(std::move(call), OpenCall{std::string(row.Text(2)),
                                              std::string(row.Text(3))});
    } else if (open_.erase(call) == 0) {
      ended_.push_back(std::move(call));
    }
  });
}

Result<bool> SegmentCopy::Step() {
  if (part_.empty()) return true;
  const Sequence to = std::min(copied_ + kCopiedOfAStep, segment_.last);
  Status status = copy_.BindInteger(1, Number(copied_ + 1))
                      .BindInteger(2, Number(to))
                      .Run();
  if (status.ok()) status = NoteCalls(copied_ + 1, to);
  if (!status.ok()) return status.error();
  copied_ = to;
  if (copied_ < segment_.last) return false;
  status = Finish();
  if (!status.ok()) return status.error();
  return true;
}

// With its policies and the names of the segments before it, so that it can be
// read without the database.
Status SegmentCopy::Finish() {
  const auto count = file_->QueryInteger("SELECT count(*) FROM main.record");
  if (!count.ok()) return count.error();
  if (count.value() != Number(segment_.last - segment_.first + 1)) {
    return Error{ErrorCode::kCorrupt, "records of the trail are missing"};
  }
  Result<Statement> head = file_->Prepare(
      "UPDATE main.chain SET head_seq = ?, head_hash = ? WHERE id = 1");
  if (!head.ok()) return head.error();
  Status status = head.value()
                      .BindInteger(1, Number(segment_.last))
                      .BindBlob(2, segment_.head)
                      .Run();
  if (status.ok()) {
    status = file_->Execute(
        "INSERT INTO main.policy SELECT * FROM trail.policy;"
        "INSERT INTO main.segment SELECT * FROM trail.segment;");
  }
  if (!status.ok()) return status;
  head.value() = {};
  copy_ = {};
  calls_ = {};
  file_.reset();
  const std::string path = SegmentPath(files_.database, segment_.file);
  status = SyncToDisk(part_);
  if (!status.ok()) return status;
  // A file that is there belongs to a copy that never was said to be.
  if (std::rename(part_.c_str(), path.c_str()) != 0) {
    return SystemError("rename", part_);
  }
  part_.clear();
  return SyncToDisk(std::filesystem::path(path).parent_path());
}

}  // namespace gatehouse::audit
