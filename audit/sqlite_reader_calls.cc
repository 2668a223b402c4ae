// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "audit/filter.h"
#include "audit/sqlite_reader.h"

namespace gatehouse::audit {
namespace {

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

using Stepped = Statement::Stepped;

Result<std::optional<StoredRecord>> ReadOne(Statement& statement) {
  const Result<Stepped> stepped = statement.Step();
  if (!stepped.ok()) return stepped.error();
  std::optional<StoredRecord> row;
  if (stepped.value() == Stepped::kRow) ReadRow(statement, row.emplace());
  return row;
}

}  // namespace

Result<std::vector<StoredCall>> SqliteReader::List(const Filter& filter) {
  const View view(database_, segments_);
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
  const View view(database_, segments_);
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
    // An event of a call stands beside it, and has no outcome of its own.
    const bool is_event = call.decision.stage == StageName(Stage::kEvent);
    if (is_event || call.decision.call.empty()) continue;
    by_call[call.decision.call] = &call;
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
  const View view(database_, segments_);
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

}  // namespace gatehouse::audit
