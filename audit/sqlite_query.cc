// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_query.h"

#include <sqlite3.h>
#include <unistd.h>

#include <string_view>
#include <utility>

#include "audit/digest.h"
#include "audit/segment_table.h"
#include "audit/sqlite_schema.h"
#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

// A cell larger than a record can be is somebody's zeroblob().
constexpr int kMaxCellBytes = 64 << 20;
constexpr int kStepsBetweenLooks = 4000;

// `payload` is NULL where it was erased or is no JSON, so that its functions
// do not fail on it.
constexpr const char* kViews = R"sql(
CREATE TEMP VIEW calls AS
SELECT asked.seq, asked.time_ns,
  strftime('%Y-%m-%dT%H:%M:%S', asked.time_ns / 1000000000, 'unixepoch') || 'Z'
    AS time,
  asked.session, asked.call, asked.tool, asked.decision, asked.code,
  json_extract(asked.json, '$.rule') AS rule,
  json_extract(asked.json, '$.sentence') AS sentence,
  json_extract(asked.json, '$.mode') AS mode,
  json_extract(asked.json, '$.method') AS method,
  json_extract(asked.json, '$.server') AS server,
  json_extract(asked.json, '$.os_user') AS os_user,
  json_extract(asked.json, '$.kube_user') AS kube_user,
  json_extract(asked.json, '$.context') AS context,
  json_extract(asked.json, '$.client.name') AS client,
  json_extract(asked.json, '$.arguments') AS arguments,
  json_extract(asked.json, '$.requests') AS requests,
  json_extract(asked.json, '$.policy') AS policy,
  json_extract(came.json, '$.outcome') AS outcome,
  json_extract(came.json, '$.duration_us') AS duration_us,
  json_extract(came.json, '$.bytes') AS bytes
FROM (SELECT *, CASE WHEN json_valid(payload) THEN payload END AS json
      FROM record WHERE stage = 'decision') AS asked
LEFT JOIN (SELECT call, CASE WHEN json_valid(payload) THEN payload END AS json
           FROM record WHERE stage = 'outcome' AND call <> '') AS came
  ON came.call = asked.call;
CREATE TEMP VIEW requests AS
SELECT record.seq, record.tool, record.decision, record.code,
  json_extract(one.value, '$.verb') AS verb,
  json_extract(one.value, '$.group') AS "group",
  json_extract(one.value, '$.resource') AS resource,
  json_extract(one.value, '$.subresource') AS subresource,
  json_extract(one.value, '$.namespace') AS namespace,
  json_extract(one.value, '$.name') AS name,
  json_extract(one.value, '$.all_namespaces') AS all_namespaces,
  json_extract(one.value, '$.context') AS context,
  json_extract(one.value, '$.dry_run') AS dry_run
FROM record, json_each(CASE WHEN json_valid(record.payload)
                       THEN record.payload ELSE '{}' END, '$.requests') AS one
WHERE record.stage = 'decision';
CREATE TEMP VIEW events AS
SELECT seq, time_ns,
  strftime('%Y-%m-%dT%H:%M:%S', time_ns / 1000000000, 'unixepoch') || 'Z'
    AS time,
  session, json_extract(json, '$.event') AS event,
  json_extract(json, '$.detail') AS detail,
  json_extract(json, '$.os_user') AS os_user
FROM (SELECT *, CASE WHEN json_valid(payload) THEN payload END AS json
      FROM record WHERE stage = 'event');
PRAGMA query_only = ON;
)sql";

// SQLite's own list. NOLINTNEXTLINE(readability-function-size)
int OnlyReading(void*, int action, const char*, const char* name, const char*,
                const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return std::string_view(name) == "load_extension" ? SQLITE_DENY
                                                        : SQLITE_OK;
    default:
      return SQLITE_DENY;
  }
}

}  // namespace

TrailQuery::TrailQuery(Database database, std::unique_ptr<Deadline> deadline)
    : deadline_(std::move(deadline)), database_(std::move(database)) {}

int TrailQuery::Late(void* deadline) {
  auto* const limit = static_cast<Deadline*>(deadline);
  limit->passed = std::chrono::steady_clock::now() >= limit->at;
  return limit->passed ? 1 : 0;
}

Status TrailQuery::Restrict() {
  Status made = database_.Execute(kViews);
  if (!made.ok()) return made;
  sqlite3* const connection = database_.connection_.get();
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, kMaxCellBytes);
  sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_set_authorizer(connection, OnlyReading, nullptr);
  sqlite3_progress_handler(connection, kStepsBetweenLooks, Late,
                           deadline_.get());
  return Done{};
}

Error TrailQuery::WhatWentWrong() const {
  if (deadline_->passed) {
    return {ErrorCode::kBusy, "the query took longer than it may"};
  }
  sqlite3* const connection = database_.connection_.get();
  if (sqlite3_errcode(connection) == SQLITE_AUTH) {
    return {ErrorCode::kInvalid,
            "only SELECT is possible: a query reads the trail and nothing "
            "else"};
  }
  const int code = sqlite3_errcode(connection);
  return {code == SQLITE_ERROR ? ErrorCode::kInvalid : ErrorCode::kIo,
          sqlite3_errmsg(connection)};
}

Status TrailQuery::Prepare(const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  const int result =
      sqlite3_prepare_v2(database_.connection_.get(), sql.c_str(),
                         static_cast<int>(sql.size()) + 1, &raw, &rest);
  statement_ = Statement(raw);
  if (result != SQLITE_OK) return WhatWentWrong();
  if (raw == nullptr) {
    return Error{ErrorCode::kInvalid, "the query is empty"};
  }
  const std::string_view more(rest);
  if (more.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    return Error{ErrorCode::kInvalid,
                 "one SELECT at a time: there is more after its \";\""};
  }
  // EXPLAIN and what else returns no data of the trail.
  if (sqlite3_stmt_readonly(raw) == 0 || sqlite3_column_count(raw) == 0) {
    return Error{ErrorCode::kInvalid, "the query is no SELECT"};
  }
  for (int i = 0; i < sqlite3_column_count(raw); ++i) {
    columns_.emplace_back(sqlite3_column_name(raw, i));
  }
  return Done{};
}

Result<TrailQuery> TrailQuery::Open(const std::string& path,
                                    const std::string& sql,
                                    std::chrono::milliseconds time_limit) {
  const TrailFiles files = FindTrailFiles(path);
  if (access(files.database.c_str(), R_OK) != 0) {
    return SystemError("open the audit trail", files.database);
  }
  Result<Database> opened = Database::OpenToRead(files.database);
  if (!opened.ok()) return opened.error();
  const Result<std::int64_t> version = TrailVersion(opened.value());
  if (!version.ok()) return version.error();
  // The view lasts as long as the query.
  const Status begun = AttachedSegments(files.database).Begin(opened.value());
  if (!begun.ok()) return begun.error();
  auto deadline = std::make_unique<Deadline>();
  deadline->at = std::chrono::steady_clock::now() + time_limit;
  TrailQuery query(std::move(opened).value(), std::move(deadline));
  Status ready = query.Restrict();
  if (ready.ok()) ready = query.Prepare(sql);
  if (!ready.ok()) return ready.error();
  return query;
}

QueryCell TrailQuery::Cell(int column) const {
  sqlite3_stmt* const row = statement_.statement_.get();
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_BLOB:
      return {QueryCell::Kind::kText, Hex(statement_.Blob(column))};
    case SQLITE_TEXT:
      return {QueryCell::Kind::kText, std::string(statement_.Text(column))};
    default:
      return {QueryCell::Kind::kNumber, std::string(statement_.Text(column))};
  }
}

Result<std::vector<QueryCell>> TrailQuery::Next() {
  std::vector<QueryCell> row;
  const int result = sqlite3_step(statement_.statement_.get());
  if (result == SQLITE_DONE) return row;
  if (result != SQLITE_ROW) return WhatWentWrong();
  for (int i = 0; i < static_cast<int>(columns_.size()); ++i) {
    row.push_back(Cell(i));
  }
  return row;
}

}  // namespace gatehouse::audit
