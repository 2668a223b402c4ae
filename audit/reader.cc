// SPDX-License-Identifier: Apache-2.0
#include "audit/reader.h"

#include <unistd.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "audit/filter.h"
#include "audit/head_file.h"
#include "audit/sqlite_database.h"
#include "audit/sqlite_schema.h"
#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

#define GATEHOUSE_COLUMNS                                      \
  "seq, time_ns, stage, session, call, tool, decision, code, " \
  "namespaces, digest, previous, hash, salt, payload"

constexpr std::string_view kSelect =
    "SELECT " GATEHOUSE_COLUMNS " FROM record WHERE ";
constexpr std::string_view kOutcomesAfter =
    "SELECT " GATEHOUSE_COLUMNS
    " FROM record WHERE stage = 'outcome' AND seq > ?1 ORDER BY seq";
constexpr std::string_view kOne =
    "SELECT " GATEHOUSE_COLUMNS " FROM record WHERE seq = ?1";
constexpr std::string_view kOutcomeOf =
    "SELECT " GATEHOUSE_COLUMNS
    " FROM record WHERE seq > ?1 AND stage = 'outcome' AND call = ?2"
    " ORDER BY seq LIMIT 1";
constexpr std::string_view kDecisionOf =
    "SELECT " GATEHOUSE_COLUMNS
    " FROM record WHERE seq < ?1 AND stage = 'decision' AND call = ?2"
    " ORDER BY seq DESC LIMIT 1";
constexpr std::string_view kAll =
    "SELECT " GATEHOUSE_COLUMNS " FROM record ORDER BY seq";
#undef GATEHOUSE_COLUMNS

// Into an existing row, so that a walk over a million reuses its strings.
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

using Stepped = Statement::Stepped;

Result<std::optional<StoredRecord>> ReadOne(Statement& statement) {
  const Result<Stepped> stepped = statement.Step();
  if (!stepped.ok()) return stepped.error();
  std::optional<StoredRecord> row;
  if (stepped.value() == Stepped::kRow) ReadRow(statement, row.emplace());
  return row;
}

// One view for all statements of an answer; ends with its scope.
class View {
 public:
  explicit View(Database& database)
      : database_(database), begun_(database.Execute("BEGIN")) {}
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
      : files_(std::move(files)), database_(std::move(database)) {}

  Result<std::vector<StoredCall>> List(const Filter& filter) override;
  Result<Sequence> Follow(
      const Filter& filter, OpenCalls& open,
      const std::function<void(const StoredRecord&)>& visit) override;
  Result<std::int64_t> DataVersion() override;
  Result<StoredCall> Show(Sequence seq) override;
  Result<std::string> PolicyText(std::string_view hash) override;
  Result<ChainHead> ForEach(
      const std::function<Next(const StoredRecord&)>& visit) override;
  Result<std::optional<ChainHead>> HeadFile() override;
  Result<std::string> ChainId() override;

 private:
  Result<Statement> Ask(const FilterSql& sql, std::string_view rest);
  Result<std::vector<StoredCall>> Decisions(const Filter& filter);
  Status AddOutcomes(std::vector<StoredCall>& calls);
  Result<std::optional<StoredRecord>> Partner(std::string_view sql,
                                              const StoredRecord& row);
  Status WalkAll(const std::function<Next(const StoredRecord&)>& visit);
  Result<ChainHead> HeadRow();

  TrailFiles files_;
  Database database_;
};

Result<std::vector<StoredCall>> SqliteReader::List(const Filter& filter) {
  const View view(database_);
  if (!view.begun().ok()) return view.begun().error();
  Result<std::vector<StoredCall>> calls = Decisions(filter);
  if (!calls.ok()) return calls;
  const Status added = AddOutcomes(calls.value());
  if (!added.ok()) return added.error();
  return calls;
}

// The parameters are borrowed from `sql`.
Result<Statement> SqliteReader::Ask(const FilterSql& sql,
                                    std::string_view rest) {
  Result<Statement> prepared =
      database_.Prepare(std::string(kSelect) + sql.where + std::string(rest));
  if (!prepared.ok()) return prepared;
  for (std::size_t i = 0; i < sql.parameters.size(); ++i) {
    prepared.value().BindText(static_cast<int>(i) + 1, sql.parameters[i]);
  }
  return prepared;
}

Result<std::vector<StoredCall>> SqliteReader::Decisions(const Filter& filter) {
  const FilterSql sql = ToSql(filter);
  const std::string limit =
      filter.limit == 0 ? "" : " LIMIT " + std::to_string(filter.limit);
  Result<Statement> prepared = Ask(sql, " ORDER BY seq DESC" + limit);
  if (!prepared.ok()) return prepared.error();
  std::vector<StoredCall> calls;
  while (true) {
    Result<std::optional<StoredRecord>> row = ReadOne(prepared.value());
    if (!row.ok()) return row.error();
    if (!row.value()) break;
    calls.push_back({*std::move(row).value(), std::nullopt});
  }
  std::ranges::reverse(calls);
  return calls;
}

Result<Sequence> SqliteReader::Follow(
    const Filter& filter, OpenCalls& open,
    const std::function<void(const StoredRecord&)>& visit) {
  const View view(database_);
  if (!view.begun().ok()) return view.begun().error();
  FilterSql sql = ToSql(filter);
  // Outcomes come too; whose, is looked up here.
  if (filter.stage.empty()) {
    sql.where = "seq > " + std::to_string(filter.after) + " AND ((" +
                sql.where + ") OR stage = 'outcome')";
  }
  Result<Statement> prepared = Ask(sql, " ORDER BY seq");
  if (!prepared.ok()) return prepared.error();
  StoredRecord row;
  while (true) {
    const Result<Stepped> stepped = prepared.value().Step();
    if (!stepped.ok()) return stepped.error();
    if (stepped.value() == Stepped::kDone) break;
    ReadRow(prepared.value(), row);
    if (row.stage == StageName(Stage::kOutcome)) {
      if (filter.stage.empty() && open.erase(row.call) == 0) continue;
    } else if (row.stage == StageName(Stage::kDecision)) {
      open.insert(row.call);
    }
    visit(row);
  }
  const Result<ChainHead> head = HeadRow();
  if (!head.ok()) return head.error();
  return head.value().seq;
}

Result<std::int64_t> SqliteReader::DataVersion() {
  return database_.QueryInteger("PRAGMA data_version");
}

Status SqliteReader::AddOutcomes(std::vector<StoredCall>& calls) {
  if (calls.empty()) return Done{};
  std::unordered_map<std::string, StoredCall*> by_call;
  for (StoredCall& call : calls) {
    if (!call.decision.call.empty()) by_call[call.decision.call] = &call;
  }
  Result<Statement> prepared = database_.Prepare(kOutcomesAfter);
  if (!prepared.ok()) return prepared.error();
  Statement& statement = prepared.value();
  statement.BindInteger(1,
                        static_cast<std::int64_t>(calls.front().decision.seq));
  while (true) {
    const Result<Stepped> stepped = statement.Step();
    if (!stepped.ok()) return stepped.error();
    if (stepped.value() == Stepped::kDone) return Done{};
    const auto found = by_call.find(std::string(statement.Text(4)));
    if (found == by_call.end() || found->second->outcome) continue;
    ReadRow(statement, found->second->outcome.emplace());
  }
}

Result<std::optional<StoredRecord>> SqliteReader::Partner(
    std::string_view sql, const StoredRecord& row) {
  if (row.call.empty()) return std::optional<StoredRecord>();
  Result<Statement> prepared = database_.Prepare(sql);
  if (!prepared.ok()) return prepared.error();
  prepared.value()
      .BindInteger(1, static_cast<std::int64_t>(row.seq))
      .BindText(2, row.call);
  return ReadOne(prepared.value());
}

Result<StoredCall> SqliteReader::Show(Sequence seq) {
  const View view(database_);
  if (!view.begun().ok()) return view.begun().error();
  Result<Statement> prepared = database_.Prepare(kOne);
  if (!prepared.ok()) return prepared.error();
  prepared.value().BindInteger(1, static_cast<std::int64_t>(seq));
  Result<std::optional<StoredRecord>> row = ReadOne(prepared.value());
  if (!row.ok()) return row.error();
  if (!row.value()) {
    return Error{ErrorCode::kNotFound,
                 "the trail has no record " + std::to_string(seq)};
  }
  StoredRecord found = *std::move(row).value();
  const bool is_outcome = found.stage == StageName(Stage::kOutcome);
  Result<std::optional<StoredRecord>> partner =
      Partner(is_outcome ? kDecisionOf : kOutcomeOf, found);
  if (!partner.ok()) return partner.error();
  if (!is_outcome || !partner.value()) {
    return StoredCall{std::move(found), std::move(partner).value()};
  }
  return StoredCall{*std::move(partner).value(), std::move(found)};
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
  const View view(database_);
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

Result<std::optional<ChainHead>> SqliteReader::HeadFile() {
  return ReadHeadFile(files_.head);
}

Result<std::string> SqliteReader::ChainId() {
  Result<ChainHead> head = HeadRow();
  if (!head.ok()) return head.error();
  return std::move(head).value().chain;
}

}  // namespace

Result<std::unique_ptr<Reader>> OpenReader(const std::string& path) {
  TrailFiles files = FindTrailFiles(path);
  if (access(files.database.c_str(), R_OK) != 0) {
    return SystemError("open the audit trail", files.database);
  }
  Result<Database> opened =
      Database::Open(files.database, Database::Access::kReadOnly);
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
