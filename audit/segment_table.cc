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

Status AttachSegments(Database& database, const std::string& path) {
  const Result<std::vector<Segment>> segments = ReadSegments(database);
  if (!segments.ok()) return segments.error();
  if (segments.value().empty()) return Done{};
  // What a guard has not deleted yet stands in the segment, too.
  std::string view =
      "CREATE TEMP VIEW record AS SELECT * FROM main.record WHERE seq > " +
      std::to_string(segments.value().back().last);
  for (const Segment& segment : segments.value()) {
    const std::string file = SegmentPath(path, segment.file);
    if (segment.pruned || access(file.c_str(), R_OK) != 0) continue;
    const std::string name = "segment_" + std::to_string(segment.number);
    const Status attached =
        database.Execute(("ATTACH " + Quoted(file) + " AS " + name).c_str());
    if (!attached.ok()) return attached;
    view += " UNION ALL SELECT * FROM " + name + ".record";
  }
  return database.Execute(view.c_str());
}

}  // namespace gatehouse::audit
