// SPDX-License-Identifier: Apache-2.0
#include "audit/segment_table.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <utility>

namespace gatehouse::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kFirstVersionWithSegments = 5;
// Each costs a segment that somebody made meanwhile, which takes far longer.
constexpr int kMaxAttempts = 5;
constexpr std::string_view kSegments =
    "SELECT number, file, first_seq, last_seq, head_hash, pruned FROM segment"
    " ORDER BY number";

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char letter : text) {
    quoted += letter;
    if (letter == '\'') quoted += letter;
  }
  return quoted + "'";
}

std::string SchemaOf(const Segment& segment) {
  return "segment_" + std::to_string(segment.number);
}

}  // namespace

std::string SegmentName(const std::string& database, std::int64_t number) {
  char digits[32];
  std::snprintf(digits, sizeof digits, ".%06lld",
                static_cast<long long>(number));
  const fs::path path(database);
  return path.stem().string() + digits + path.extension().string();
}

std::string SegmentPath(const std::string& database,
                        const std::string& segment_file) {
  return fs::path(database).parent_path() / fs::path(segment_file).filename();
}

Result<std::vector<Segment>> ReadSegments(Database& database) {
  std::vector<Segment> segments;
  const auto version = database.QueryInteger("PRAGMA user_version");
  if (!version.ok()) return version.error();
  if (version.value() < kFirstVersionWithSegments) return segments;
  Result<Statement> prepared = database.Prepare(kSegments);
  if (!prepared.ok()) return prepared.error();
  const Status read =
      ForEachRow(prepared.value(), [&segments](const Statement& row) {
        segments.push_back({row.Integer(0), std::string(row.Text(1)),
                            static_cast<Sequence>(row.Integer(2)),
                            static_cast<Sequence>(row.Integer(3)),
                            std::string(row.Blob(4)), row.Integer(5) != 0});
      });
  if (!read.ok()) return read.error();
  return segments;
}

Segment LastPruned(const std::vector<Segment>& segments) {
  Segment last;
  for (const Segment& segment : segments) {
    if (segment.pruned) last = segment;
  }
  return last;
}

Status AttachedSegments::Begin(Database& database) {
  for (int i = 0; i < kMaxAttempts; ++i) {
    Status begun = database.Execute("BEGIN");
    if (!begun.ok()) return begun;
    Result<std::vector<Segment>> segments = ReadSegments(database);
    if (segments.ok() && whole_ && segments.value() == attached_) return Done{};
    Status ended = database.Execute("ROLLBACK");
    if (!segments.ok()) return segments.error();
    if (!ended.ok()) return ended;
    Status attached = Attach(database, std::move(segments).value());
    if (!attached.ok()) return attached;
  }
  return Error{ErrorCode::kBusy,
               "the segments of " + path_ + " change too fast to be read"};
}

// Outside of a transaction: SQLite attaches nothing within one.
Status AttachedSegments::Attach(Database& database,
                                std::vector<Segment> segments) {
  whole_ = false;
  Status status = database.Execute("DROP VIEW IF EXISTS temp.record");
  for (const Segment& segment : attached_) {
    // Those that were left out are not there to be let go.
    (void)database.Execute(("DETACH " + SchemaOf(segment)).c_str());
  }
  attached_ = std::move(segments);
  if (!status.ok()) return status;
  whole_ = attached_.empty();
  if (whole_) return status;
  // What a guard has not deleted yet stands in the segment, too.
  std::string view =
      "CREATE TEMP VIEW record AS SELECT * FROM main.record WHERE seq > " +
      std::to_string(attached_.back().last);
  for (const Segment& segment : attached_) {
    const std::string file = SegmentPath(path_, segment.file);
    if (segment.pruned || access(file.c_str(), R_OK) != 0) continue;
    status = database.Execute(
        ("ATTACH " + Quoted(file) + " AS " + SchemaOf(segment)).c_str());
    if (!status.ok()) return status;
    view += " UNION ALL SELECT * FROM " + SchemaOf(segment) + ".record";
  }
  status = database.Execute(view.c_str());
  whole_ = status.ok();
  return status;
}

}  // namespace gatehouse::audit
