// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_read.h"

#include "audit/sqlite_database.h"
#include "audit/sqlite_schema.h"
#include "audit/sqlite_sink.h"
#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

Status IsOfThisVersion(const std::string& path) {
  Result<Database> opened = Database::OpenToRead(path);
  if (!opened.ok()) return opened.error();
  const Result<std::int64_t> version = TrailVersion(opened.value());
  if (!version.ok()) return version.error();
  if (version.value() == kSchemaVersion) return Done{};
  return Error{ErrorCode::kUnsupported,
               "the trail is of an older version, which the next guard to "
               "write to it brings up to date"};
}

}  // namespace

Status RecordRead(const std::string& path, const Record& record) {
  const std::string database = FindTrailFiles(path).database;
  Status status = CheckOwnTrail(database);
  if (status.ok()) status = IsOfThisVersion(database);
  if (!status.ok()) return status;
  Result<std::unique_ptr<Sink>> sink = OpenSqliteSink(database);
  if (!sink.ok()) return sink.error();
  const Result<Sequence> appended = sink.value()->Append(record);
  if (!appended.ok()) return appended.error();
  return sink.value()->Commit(Durability::kNormal);
}

}  // namespace gatehouse::audit
