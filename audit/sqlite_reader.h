// SPDX-License-Identifier: Apache-2.0
#pragma once
// The Reader over one SQLite file (reader.h says what it does). Its walks and
// head stand in sqlite_reader.cc, calls and their outcomes in
// sqlite_reader_calls.cc.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/reader.h"
#include "audit/segment_table.h"
#include "audit/sqlite_database.h"
#include "audit/trail_files.h"

namespace gatehouse::audit {

// The columns that ReadRow takes, in its order.
#define GATEHOUSE_COLUMNS                                      \
  "seq, time_ns, stage, session, call, tool, decision, code, " \
  "namespaces, digest, previous, hash, salt, payload"

// Into an existing row, so that a walk over a million reuses its strings.
void ReadRow(const Statement& from, StoredRecord& row);

// One view for all statements of an answer; ends with its scope.
class View {
 public:
  View(Database& database, AttachedSegments& segments)
      : database_(database), begun_(segments.Begin(database)) {}
  ~View() {
    if (database_.InTransaction()) (void)database_.Execute("ROLLBACK");
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  const Status& begun() const { return begun_; }

 private:
  Database& database_;
  Status begun_;
};

class SqliteReader : public Reader {
 public:
  SqliteReader(TrailFiles files, Database database)
      : files_(std::move(files)),
        segments_(files_.database),
        database_(std::move(database)) {}

  Result<std::vector<StoredCall>> List(const Filter& filter) override;
  Result<Sequence> Follow(
      const Filter& filter, OpenCalls& open,
      const std::function<void(const StoredRecord&)>& visit) override;
  Result<std::int64_t> DataVersion() override;
  Result<StoredCall> Show(Sequence seq) override;
  Result<std::string> PolicyText(std::string_view hash) override;
  Result<ChainHead> ForEach(
      const std::function<Next(const StoredRecord&)>& visit) override;
  Result<ChainHead> Before() override;
  Result<std::optional<ChainHead>> HeadFile() override;
  Result<ChainHead> HeadRow() override;
  Status ForEachText(
      const std::function<Next(const KeptText&)>& visit) override;

 private:
  Result<Statement> Ask(const FilterSql& sql, std::string_view rest);
  Result<std::vector<StoredCall>> Decisions(const Filter& filter);
  Status AddOutcomes(std::vector<StoredCall>& calls);
  Result<std::optional<StoredRecord>> Partner(std::string_view sql,
                                              const StoredRecord& row);
  Status WalkAll(const std::function<Next(const StoredRecord&)>& visit);

  TrailFiles files_;
  AttachedSegments segments_;
  Database database_;
};

}  // namespace gatehouse::audit
