// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit query "SELECT …"`: any question of one's own.
#include <iostream>
#include <limits>
#include <memory>
#include <utility>

#include "audit/sqlite_query.h"
#include "cli/audit.h"
#include "cli/csv.h"
#include "cli/output_width.h"
#include "cli/paths.h"
#include "cli/table.h"
#include "cli/trail_reading.h"
#include "policy/json_value.h"
#include "policy/time_text.h"

namespace gatehouse::cli {
namespace {

struct QueryOptions {
  std::string database;
  std::string sql;
  std::string format = "text";
  std::string spoken;
  std::string timeout = "30s";
  std::size_t limit = 1000;
  bool wide = false;
};

using QueryRow = std::vector<audit::QueryCell>;
using CellKind = audit::QueryCell::Kind;

struct QueryAnswer {
  std::vector<QueryRow> rows;
  bool more = false;  // beyond the limit
};

Result<QueryAnswer> Ask(const QueryOptions& options, audit::TrailQuery& query) {
  QueryAnswer answer;
  while (true) {
    Result<QueryRow> row = query.Next();
    if (!row.ok()) return row.error();
    if (row.value().empty()) return answer;
    answer.more = options.limit > 0 && answer.rows.size() == options.limit;
    if (answer.more) return answer;
    answer.rows.push_back(std::move(row).value());
  }
}

void PrintText(const QueryOptions& options, const audit::TrailQuery& query,
               const std::vector<QueryRow>& rows) {
  std::vector<std::string> titles;
  for (const std::string& name : query.columns()) {
    titles.push_back(Printable(name));
  }
  Table table(std::move(titles));
  for (const QueryRow& row : rows) {
    std::vector<Table::Cell> cells;
    for (const audit::QueryCell& cell : row) cells.push_back({cell.text});
    table.Add(std::move(cells));
  }
  std::cout << table.Render(
      options.wide ? std::numeric_limits<std::size_t>::max() : OutputWidth());
}

// SQLite writes infinities as words, which JSON has no number for.
bool IsJsonNumber(const std::string& text) { return ParseJson(text).ok(); }

void WriteRow(const audit::TrailQuery& query, const QueryRow& row,
              JsonWriter& out) {
  out.BeginObject();
  for (std::size_t i = 0; i < row.size(); ++i) {
    out.Key(query.columns()[i]);
    if (row[i].kind == CellKind::kNull) {
      out.Null();
    } else if (row[i].kind == CellKind::kNumber && IsJsonNumber(row[i].text)) {
      out.Raw(row[i].text);
    } else {
      out.String(row[i].text);
    }
  }
  out.EndObject();
}

void PrintJson(const audit::TrailQuery& query,
               const std::vector<QueryRow>& rows) {
  JsonWriter out;
  out.BeginArray();
  for (const QueryRow& row : rows) WriteRow(query, row, out);
  out.EndArray();
  std::cout << out.text() << "\n";
}

void PrintLines(const audit::TrailQuery& query,
                const std::vector<QueryRow>& rows) {
  for (const QueryRow& row : rows) {
    JsonWriter out;
    WriteRow(query, row, out);
    std::cout << out.text() << "\n";
  }
}

void PrintCsv(const audit::TrailQuery& query,
              const std::vector<QueryRow>& rows) {
  std::cout << CsvLine(query.columns());
  for (const QueryRow& row : rows) {
    std::string line;
    for (const audit::QueryCell& cell : row) {
      if (&cell != &row.front()) line += ',';
      if (cell.kind == CellKind::kNumber) line += cell.text;
      if (cell.kind == CellKind::kText) line += CsvCell(cell.text);
    }
    std::cout << line << "\r\n";
  }
}

void Print(const QueryOptions& options, const audit::TrailQuery& query,
           const std::vector<QueryRow>& rows) {
  if (options.format == "json") {
    PrintJson(query, rows);
  } else if (options.format == "jsonl") {
    PrintLines(query, rows);
  } else if (options.format == "csv") {
    PrintCsv(query, rows);
  } else {
    PrintText(options, query, rows);
  }
}

int Failed(const Error& error) {
  return error.code == ErrorCode::kInvalid ? Misused(error)
                                           : FailedToRead(error);
}

int Query(const QueryOptions& options) {
  const auto limit = ReadDuration(options.timeout);
  if (!limit) {
    return Misused(
        {ErrorCode::kInvalid, "--timeout takes a time such as 30s or 5m"});
  }
  const auto database = FindTrail(options.database);
  if (!database.ok()) return FailedToRead(database.error());
  auto query = audit::TrailQuery::Open(database.value(), options.sql, *limit);
  if (!query.ok()) return Failed(query.error());
  const Result<QueryAnswer> answer = Ask(options, query.value());
  if (!answer.ok()) return Failed(answer.error());
  RecordReading(options.database, options.spoken);
  Print(options, query.value(), answer.value().rows);
  if (answer.value().more) {
    std::cerr << "gatehouse: only the first " << options.limit
              << " rows; --limit 0 gives all\n";
  }
  return kExitDone;
}

}  // namespace

void AddAuditQuery(Command audit) {
  const Command command = audit.AddCommand(
      "query",
      "One SELECT of your own over the trail, read-only, in SQLite's SQL");
  command.Footer(
      "Views: calls (one row a call, with its outcome), requests (one row a "
      "request of a call),\nevents. Tables: record, policy, tool_definition, "
      "chain (audit/FORMAT.md).\n\nExamples:\n"
      "  gatehouse audit query \"SELECT tool, count(*) AS n FROM calls GROUP "
      "BY tool ORDER BY n DESC\"\n"
      "  gatehouse audit query \"SELECT c.time, c.client, r.name FROM calls c "
      "JOIN requests r USING (seq)\n      WHERE r.verb = 'delete' AND "
      "c.decision = 'allow'\" --format csv");
  auto options = std::make_shared<QueryOptions>();
  command.Add("SELECT", options->sql, "The query").Required();
  AddDatabaseOption(command, options->database);
  command.Add("--timeout", options->timeout, "How long it may take")
      .ShowDefault();
  command.Add("--limit", options->limit, "At most so many rows; 0: all")
      .ShowDefault();
  command.AddFlag("--wide", options->wide, "Nothing cut (text only)");
  command.Add("--format", options->format, "How to print")
      .OneOf({"text", "json", "jsonl", "csv"})
      .ShowDefault();
  command.Do([options, command] {
    options->spoken = command.Spoken();
    return Query(*options);
  });
}

}  // namespace gatehouse::cli
