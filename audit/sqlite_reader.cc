// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_reader.h"

#include <unistd.h>

#include "audit/head_file.h"
#include "audit/segment_table.h"
#include "audit/sqlite_schema.h"
#include "audit/tool_definition.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kAll =
    "SELECT " GATEHOUSE_COLUMNS " FROM record ORDER BY seq";

using Stepped = Statement::Stepped;

}  // namespace

void ReadRow(const Statement& from, StoredRecord& row) {
  row.seq = static_cast<Sequence>(from.Integer(0));
  row.time_ns = from.Integer(1);
  row.stage = from.Text(2);
  row.session = from.Text(3);
  row.call = from.Text(4);
  row.tool = from.Text(5);
  row.decision = from.Text(6);
  row.code = from.Text(7);
  row.namespaces = from.Text(8);
  row.digest = from.Blob(9);
  row.previous = from.Blob(10);
  row.hash = from.Blob(11);
  row.salt = from.Blob(12);
  if (from.IsNull(13)) {
    row.payload.reset();
  } else if (row.payload) {
    row.payload->assign(from.Text(13));
  } else {
    row.payload.emplace(from.Text(13));
  }
}

Result<std::string> SqliteReader::PolicyText(std::string_view hash) {
  Result<Statement> prepared =
      database_.Prepare("SELECT text FROM policy WHERE hash = ?");
  if (!prepared.ok()) return prepared.error();
  const Result<Stepped> stepped = prepared.value().BindText(1, hash).Step();
  if (!stepped.ok()) return stepped.error();
  if (stepped.value() == Stepped::kRow) {
    return std::string(prepared.value().Text(0));
  }
  return Error{ErrorCode::kNotFound,
               "the trail does not hold the policy " + std::string(hash)};
}

Result<ChainHead> SqliteReader::ForEach(
    const std::function<Next(const StoredRecord&)>& visit) {
  const View view(database_, segments_);
  if (!view.begun().ok()) return view.begun().error();
  const Status walked = WalkAll(visit);
  if (!walked.ok()) return walked.error();
  return HeadRow();
}

Status SqliteReader::WalkAll(
    const std::function<Next(const StoredRecord&)>& visit) {
  Result<Statement> prepared = database_.Prepare(kAll);
  if (!prepared.ok()) return prepared.error();
  StoredRecord row;
  while (true) {
    const Result<Stepped> stepped = prepared.value().Step();
    if (!stepped.ok()) return stepped.error();
    if (stepped.value() == Stepped::kDone) return Done{};
    ReadRow(prepared.value(), row);
    if (visit(row) == Next::kStop) return Done{};
  }
}

Result<ChainHead> SqliteReader::HeadRow() {
  Result<Statement> prepared = database_.Prepare(
      "SELECT chain, head_seq, head_hash FROM chain WHERE id = 1");
  if (!prepared.ok()) return prepared.error();
  const Statement& row = prepared.value();
  const Result<Stepped> stepped = prepared.value().Step();
  if (!stepped.ok()) return stepped.error();
  if (stepped.value() == Stepped::kDone) {
    return Error{ErrorCode::kCorrupt, "the audit trail has lost its head row"};
  }
  return ChainHead{std::string(row.Text(0)),
                   static_cast<Sequence>(row.Integer(1)),
                   std::string(row.Blob(2))};
}

Result<ChainHead> SqliteReader::Before() {
  const Result<std::vector<Segment>> segments = ReadSegments(database_);
  if (!segments.ok()) return segments.error();
  const Result<ChainHead> head = HeadRow();
  if (!head.ok()) return head.error();
  const Segment pruned = LastPruned(segments.value());
  ChainHead before = EmptyChain(head.value().chain);
  if (pruned.last == 0) return before;
  return ChainHead{std::move(before.chain), pruned.last, pruned.head};
}

Result<std::optional<ChainHead>> SqliteReader::HeadFile() {
  return ReadHeadFile(files_.head);
}

Status SqliteReader::ForEachText(
    const std::function<Next(const KeptText&)>& visit) {
  // Definitions came with version 2, and are cut at a size.
  const auto tables = database_.QueryInteger(
      "SELECT count(*) FROM sqlite_schema WHERE name = 'tool_definition'");
  if (!tables.ok()) return tables.error();
  std::string sql = "SELECT 'the policy', hash, text FROM policy";
  if (tables.value() > 0) {
    sql +=
        " UNION ALL SELECT 'the definition of ' || tool, hash, text"
        " FROM tool_definition WHERE length(CAST(text AS BLOB)) < " +
        std::to_string(kMaxDefinitionBytes);
  }
  Result<Statement> prepared = database_.Prepare(sql);
  if (!prepared.ok()) return prepared.error();
  const Statement& row = prepared.value();
  while (true) {
    const Result<Stepped> stepped = prepared.value().Step();
    if (!stepped.ok()) return stepped.error();
    if (stepped.value() == Stepped::kDone) return Done{};
    const KeptText text{std::string(row.Text(0)), std::string(row.Text(1)),
                        std::string(row.Text(2))};
    if (visit(text) == Next::kStop) return Done{};
  }
}

Result<std::unique_ptr<Reader>> OpenReader(const std::string& path) {
  TrailFiles files = FindTrailFiles(path);
  if (access(files.database.c_str(), R_OK) != 0) {
    return SystemError("open the audit trail", files.database);
  }
  Result<Database> opened = Database::OpenToRead(files.database);
  if (!opened.ok()) return opened.error();
  Database database = std::move(opened).value();
  const Result<std::int64_t> version = TrailVersion(database);
  if (!version.ok()) return version.error();
  // The tables that are read here are those of version 1, which later ones
  // leave as they are: an old trail, or a copy of one, stays readable.
  if (version.value() < 1) {
    return Error{ErrorCode::kCorrupt, files.database + " holds no audit trail"};
  }
  return std::unique_ptr<Reader>(
      std::make_unique<SqliteReader>(std::move(files), std::move(database)));
}

}  // namespace gatehouse::audit
