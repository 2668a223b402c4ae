// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_sessions.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "audit/utc_time.h"
#include "policy/json_value.h"

namespace gatehouse::audit {
namespace {

// How many records a start may have to look through for a guard that died, and
// how seldom its row is written anew.
constexpr Sequence kRecordsBetweenMoves = 1000;

std::string BootId() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

// Whether a refusal was only observed, so that its call went on.
bool WasObserved(std::string_view payload) {
  if (payload.find(R"("enforced":false)") == payload.npos) return false;
  const Result<JsonValue> value = ParseJson(payload);
  if (!value.ok()) return false;
  const JsonValue* const enforced = Member(value.value(), "enforced");
  return enforced != nullptr && AsBool(*enforced) == false;
}

Record Unknown(const std::string& call, const std::string& tool) {
  Record record;
  record.stage = Stage::kOutcome;
  record.time_ns = NowNanoseconds();
  record.call = call;
  record.tool = tool;
  record.outcome = Outcome::kUnknown;
  return record;
}

}  // namespace

bool LetThrough(std::string_view decision, std::string_view payload) {
  return decision == "allow" || WasObserved(payload);
}

SqliteSessions SqliteSessions::Open(Database& database) {
  SqliteSessions sessions;
  const std::pair<Statement*, std::string_view> all[] = {
      {&sessions.rows_,
       "SELECT slot, session, pid, boot, first_seq FROM open_session"},
      {&sessions.kept_, "SELECT call, tool FROM open_call WHERE session = ?"},
      {&sessions.forget_,
       "DELETE FROM open_call WHERE session NOT IN"
       " (SELECT session FROM open_session)"},
      {&sessions.records_,
       "SELECT stage, call, tool, decision, payload FROM record"
       " WHERE seq >= ? AND session = ? AND call <> '' ORDER BY seq"},
      {&sessions.insert_,
       "INSERT INTO open_session(slot, session, pid, boot, first_seq)"
       " VALUES (?, ?, ?, ?, ?)"},
      {&sessions.move_, "UPDATE open_session SET first_seq = ? WHERE slot = ?"},
      {&sessions.remove_, "DELETE FROM open_session WHERE slot = ?"},
  };
  for (const auto& [statement, sql] : all) {
    *statement = database.Later(sql);
  }
  return sessions;
}

Result<std::vector<SqliteSessions::Row>> SqliteSessions::Rows() {
  std::vector<Row> rows;
  const Status read = ForEachRow(rows_, [&rows](const Statement& row) {
    rows.push_back({row.Integer(0), std::string(row.Text(1)), row.Integer(2),
                    std::string(row.Text(3)), row.Integer(4)});
  });
  if (!read.ok()) return read.error();
  return rows;
}

Status SqliteSessions::CloseCalls(const Row& row,
                                  std::vector<Record>& outcomes) {
  const std::string who = "the guard (pid " + std::to_string(row.pid) + ")";
  const std::string why =
      row.boot == BootId()
          ? who + " was gone before it saw an answer"
          : "the machine was started anew before " + who + " saw an answer";
  std::map<std::string, Record> open;  // by call; UUIDv7s: in order of time
  Status read = ForEachRow(
      kept_.BindText(1, row.session), [&open](const Statement& kept) {
        const std::string call(kept.Text(0));
        open.emplace(call, Unknown(call, std::string(kept.Text(1))));
      });
  if (!read.ok()) return read;
  records_.BindInteger(1, row.first_seq).BindText(2, row.session);
  read = ForEachRow(records_, [&open](const Statement& record) {
    const std::string call(record.Text(1));
    if (record.Text(0) == StageName(Stage::kOutcome)) {
      open.erase(call);
    } else if (LetThrough(record.Text(3), record.Text(4))) {
      open.emplace(call, Unknown(call, std::string(record.Text(2))));
    }
  });
  if (!read.ok()) return read;
  for (auto& [call, record] : open) {
    record.session = row.session;
    record.detail = why;
    outcomes.push_back(std::move(record));
  }
  return Done{};
}

Result<std::vector<Record>> SqliteSessions::TakeGone(
    const std::function<bool(std::int64_t slot)>& lives) {
  const Result<std::vector<Row>> rows = Rows();
  if (!rows.ok()) return rows.error();
  std::vector<Record> outcomes;
  for (const Row& row : rows.value()) {
    if (lives(row.slot)) continue;
    Status closed = CloseCalls(row, outcomes);
    if (closed.ok()) closed = remove_.BindInteger(1, row.slot).Run();
    if (!closed.ok()) return closed.error();
  }
  const Status forgotten = forget_.Run();
  if (!forgotten.ok()) return forgotten.error();
  return outcomes;
}

Result<std::int64_t> SqliteSessions::NextSlot() {
  const Result<std::vector<Row>> rows = Rows();
  if (!rows.ok()) return rows.error();
  std::int64_t slot = 1;
  for (const Row& row : rows.value()) slot = std::max(slot, row.slot + 1);
  return slot;
}

Status SqliteSessions::Enter(std::int64_t slot, const Record& self,
                             Sequence next) {
  const std::string boot = BootId();
  Status entered = insert_.BindInteger(1, slot)
                       .BindText(2, self.session)
                       .BindInteger(3, self.pid)
                       .BindText(4, boot)
                       .BindInteger(5, static_cast<std::int64_t>(next))
                       .Run();
  if (!entered.ok()) return entered;
  slot_ = slot;
  first_seq_ = next;
  return Done{};
}

void SqliteSessions::Note(const Record& record, Sequence seq) {
  if (slot_ == 0 || record.call.empty()) return;
  if (record.stage == Stage::kOutcome) {
    noted_.push_back({record.call, 0});
  } else if (record.decision && record.decision->Passes()) {
    noted_.push_back({record.call, seq});
  }
}

Status SqliteSessions::Write(Sequence head) {
  if (slot_ == 0 || head - first_seq_ < kRecordsBetweenMoves) return Done{};
  // Of what is open by the last commit: this batch ends some and opens others.
  Sequence first = head + 1;
  for (const auto& [call, seq] : open_) first = std::min(first, seq);
  for (const Noted& noted : noted_) {
    if (noted.seq != 0) first = std::min(first, noted.seq);
  }
  first_seq_ = first;  // too high after a rollback, and then written with more
  return move_.BindInteger(1, static_cast<std::int64_t>(first))
      .BindInteger(2, slot_)
      .Run();
}

void SqliteSessions::Committed() {
  for (Noted& noted : noted_) {
    if (noted.seq == 0) {
      open_.erase(noted.call);
    } else {
      open_.emplace(std::move(noted.call), noted.seq);
    }
  }
  noted_.clear();
}

Status SqliteSessions::Leave() {
  if (slot_ == 0 || !open_.empty()) return Done{};
  return remove_.BindInteger(1, slot_).Run();
}

}  // namespace gatehouse::audit
