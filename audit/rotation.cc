// SPDX-License-Identifier: Apache-2.0
#include "audit/rotation.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "audit/digest.h"
#include "audit/sqlite_trail.h"
#include "audit/trail_room.h"
#include "audit/utc_time.h"
#include "policy/json_writer.h"

namespace gatehouse::audit {
namespace {

using Stepped = Statement::Stepped;

constexpr int kRecordsOfADelete = 500;
// A segment that cannot be made is tried again so long after.
constexpr std::chrono::minutes kAfterFailure{1};

}  // namespace

Result<bool> DeleteMoved(Database& database) {
  const Status deleted = database.Execute(
      ("DELETE FROM record WHERE seq IN (SELECT seq FROM record WHERE seq <="
       " (SELECT max(last_seq) FROM segment) ORDER BY seq LIMIT " +
       std::to_string(kRecordsOfADelete) + ")")
          .c_str());
  if (!deleted.ok()) return deleted.error();
  return database.Changes() == kRecordsOfADelete;
}

Rotation::Rotation(const TrailFiles& files, const SinkOptions& options)
    : files_(files), options_(options) {}

bool Rotation::IsDue(Database& database) {
  if (options_.segment_bytes == 0 && options_.segment_age.count() == 0) {
    return false;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - last_look_ < options_.look_every) return false;
  last_look_ = now;
  // What another guard's segment holds may still take room here.
  const auto left = database.QueryInteger(
      "SELECT count(*) FROM (SELECT 1 FROM record WHERE seq <="
      " (SELECT max(last_seq) FROM segment) LIMIT 1)");
  leftovers_ = leftovers_ || !left.ok() || left.value() != 0;
  if (leftovers_) return false;
  const Result<std::uint64_t> bytes = UsedBytes(database);
  if (options_.segment_bytes != 0 && bytes.ok() &&
      bytes.value() >= options_.segment_bytes) {
    return true;
  }
  if (options_.segment_age.count() == 0) return false;
  const auto oldest = database.QueryInteger(
      "SELECT time_ns FROM record WHERE seq ="
      " (SELECT coalesce(max(last_seq), 0) + 1 FROM segment)");
  if (!oldest.ok() || oldest.value() == 0) return false;
  return std::chrono::nanoseconds(NowNanoseconds() - oldest.value()) >=
         options_.segment_age;
}

Status Rotation::Start(Database& database) {
  const Result<std::vector<Segment>> before = ReadSegments(database);
  if (!before.ok()) return before.error();
  if (std::ranges::count(before.value(), false, &Segment::pruned) >=
      kMaxSegments) {
    return Done{};
  }
  const Segment newest =
      before.value().empty() ? Segment{} : before.value().back();
  Result<Statement> row = database.Prepare(
      "SELECT chain, head_seq, head_hash FROM chain WHERE id = 1");
  if (!row.ok()) return row.error();
  const Result<Stepped> stepped = row.value().Step();
  if (!stepped.ok()) return stepped.error();
  Segment segment;
  segment.number = newest.number + 1;
  segment.file = SegmentName(files_.database, segment.number);
  segment.first = newest.last + 1;
  segment.last = static_cast<Sequence>(row.value().Integer(1));
  segment.head = row.value().Blob(2);
  if (segment.last < segment.first) return Done{};
  auto copy = SegmentCopy::Start(files_, std::move(segment),
                                 std::string(row.value().Text(0)));
  if (!copy.ok()) return copy.error();
  // Another guard may have entered that number before the slot was ours: its
  // file must stay.
  const Result<std::vector<Segment>> now = ReadSegments(database);
  if (!now.ok()) return now.error();
  if (now.value() != before.value()) return Done{};
  copy_ = std::move(copy).value();
  return Done{};
}

void Rotation::CopyStep(Database& database) {
  if (copied_ || (!copy_ && !IsDue(database))) return;
  Status status = Done{};
  if (!copy_) {
    status = Start(database);
  } else {
    const Result<bool> whole = copy_->Step();
    copied_ = whole.ok() && whole.value();
    if (!whole.ok()) status = whole.error();
  }
  if (status.ok()) return;
  copy_.reset();
  last_look_ = std::chrono::steady_clock::now() + kAfterFailure;
  if (status.error().code != ErrorCode::kBusy && options_.warn) {
    options_.warn("the audit trail: no segment could be made: " +
                  status.error().sentence);
  }
}

Record Rotation::ClosedRecord() const {
  const Segment& segment = copy_->segment();
  JsonWriter facts;
  facts.BeginObject();
  facts.Key("file").String(segment.file);
  facts.Key("count").Unsigned(segment.last - segment.first + 1);
  facts.Key("first").Unsigned(segment.first);
  facts.Key("last").Unsigned(segment.last);
  facts.Key("head").String(Hex(segment.head));
  facts.EndObject();
  Record record = SinkEvent(options_.self, "segment closed",
                            "records " + std::to_string(segment.first) +
                                " to " + std::to_string(segment.last) +
                                " stand in " + segment.file + " from now on");
  record.arguments = facts.Take();
  return record;
}

// Two guards cannot have copied the same: the slot is kept until here. What a
// guard that is gone left open in the segment is remembered by call, so that
// nobody has to read segments to find it.
Status Rotation::Close(Database& database) {
  const Segment& segment = copy_->segment();
  Result<Statement> insert = database.Prepare(
      "INSERT INTO segment(number, file, first_seq, last_seq, head_hash,"
      " closed_ns, pruned) VALUES (?, ?, ?, ?, ?, ?, 0)");
  if (!insert.ok()) return insert.error();
  const auto last = static_cast<std::int64_t>(segment.last);
  Status status = insert.value()
                      .BindInteger(1, segment.number)
                      .BindText(2, segment.file)
                      .BindInteger(3, static_cast<std::int64_t>(segment.first))
                      .BindInteger(4, last)
                      .BindBlob(5, segment.head)
                      .BindInteger(6, NowNanoseconds())
                      .Run();
  if (!status.ok()) return status;
  Result<Statement> keep = database.Prepare(
      "INSERT OR IGNORE INTO open_call(call, session, tool)"
      " SELECT ?1, ?2, ?3 WHERE EXISTS"
      " (SELECT 1 FROM open_session WHERE session = ?2)");
  if (!keep.ok()) return keep.error();
  for (const auto& [call, open] : copy_->open_calls()) {
    status = keep.value()
                 .BindText(1, call)
                 .BindText(2, open.session)
                 .BindText(3, open.tool)
                 .Run();
    if (!status.ok()) return status;
  }
  Result<Statement> forget =
      database.Prepare("DELETE FROM open_call WHERE call = ?");
  if (!forget.ok()) return forget.error();
  for (const std::string& call : copy_->ended_calls()) {
    status = forget.value().BindText(1, call).Run();
    if (!status.ok()) return status;
  }
  return database.Execute(
      ("UPDATE open_session SET first_seq = max(first_seq, " +
       std::to_string(last + 1) + ")")
          .c_str());
}

void Rotation::Closed() {
  copy_.reset();
  copied_ = false;
  leftovers_ = true;
}

void Rotation::Stop() {
  copy_.reset();
  copied_ = false;
}

void Rotation::DeleteStep(Database& database) {
  const Result<bool> more = DeleteMoved(database);
  leftovers_ = more.ok() && more.value();
}

}  // namespace gatehouse::audit
