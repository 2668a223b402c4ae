// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit list`: the newest calls, oldest first, for people (a table
// as wide as the terminal) and for machines.
#include <algorithm>
#include <iostream>
#include <iterator>
#include <limits>
#include <memory>
#include <utility>

#include "audit/utc_time.h"
#include "cli/audit.h"
#include "cli/audit_call.h"
#include "cli/audit_filter.h"
#include "cli/csv.h"
#include "cli/output_width.h"
#include "cli/table.h"
#include "cli/trail_reading.h"

namespace gatehouse::cli {
namespace {

struct ListOptions {
  std::string database;
  std::string format = "text";
  std::string spoken;
  bool wide = false;
  std::size_t limit = audit::Filter().limit;
  FilterOptions filter;
};

// "12s", "5m", "3h", "2d": how long ago.
std::string Ago(std::int64_t time_ns, std::int64_t now_ns) {
  const std::int64_t seconds = (now_ns - time_ns) / 1'000'000'000;
  if (seconds < 0) return "later";  // a clock was set back
  if (seconds < 60) return std::to_string(seconds) + "s";
  if (seconds < 3600) return std::to_string(seconds / 60) + "m";
  if (seconds < 86400) return std::to_string(seconds / 3600) + "h";
  return std::to_string(seconds / 86400) + "d";
}

Style StyleOf(std::string_view decision) {
  if (decision == "allow") return Style::kGood;
  return decision.empty() ? Style::kPlain : Style::kBad;
}

std::string DecisionText(const AuditCall& call) {
  const audit::StoredRecord& row = call.stored.decision;
  if (row.decision.empty()) return row.stage;
  return row.decision + (call.Observed() ? "*" : "");
}

// What a row says in any width: all but the first two columns.
std::vector<Table::Cell> Cells(const AuditCall& call) {
  return {
      {DecisionText(call), StyleOf(call.stored.decision.decision)},
      {call.What()},
      {call.requests.empty() ? call.Field("detail") : call.RequestsInShort()},
      {call.Why()},
      {call.outcome, call.outcome == "ok" || call.outcome.empty()
                         ? Style::kPlain
                         : Style::kStrong}};
}

void PrintNarrow(const std::vector<AuditCall>& calls) {
  Table table({"SEQ", "AGO", "DECISION", "TOOL", "REQUESTS", "WHY", "OUTCOME"});
  const std::int64_t now_ns = audit::NowNanoseconds();
  for (const AuditCall& call : calls) {
    const audit::StoredRecord& row = call.stored.decision;
    std::vector<Table::Cell> cells = {{std::to_string(row.seq)},
                                      {Ago(row.time_ns, now_ns)}};
    std::ranges::move(Cells(call), std::back_inserter(cells));
    table.Add(std::move(cells));
  }
  std::cout << table.Render(OutputWidth());
}

void PrintWide(const std::vector<AuditCall>& calls) {
  Table table({"SEQ", "TIME", "DECISION", "TOOL", "REQUESTS", "WHY", "OUTCOME",
               "USER", "CLIENT", "CONTEXT", "SERVER", "SESSION"});
  for (const AuditCall& call : calls) {
    const audit::StoredRecord& row = call.stored.decision;
    std::vector<Table::Cell> cells = {{std::to_string(row.seq)},
                                      {audit::FormatUtc(row.time_ns)}};
    std::ranges::move(Cells(call), std::back_inserter(cells));
    for (const std::string& text :
         {call.Field("os_user"), call.Client(), call.Field("context"),
          call.Field("server"), row.session}) {
      cells.push_back({text});
    }
    table.Add(std::move(cells));
  }
  std::cout << table.Render(std::numeric_limits<std::size_t>::max());
}

void PrintText(const ListOptions& options,
               const std::vector<AuditCall>& calls) {
  if (calls.empty()) {
    std::cerr << "gatehouse: no record matches\n";
  } else if (options.wide) {
    PrintWide(calls);
  } else {
    PrintNarrow(calls);
  }
}

void PrintJson(const std::vector<AuditCall>& calls) {
  JsonWriter out;
  out.BeginArray();
  for (const AuditCall& call : calls) WriteCall(call, out);
  out.EndArray();
  std::cout << out.text() << "\n";
}

void PrintLines(const std::vector<AuditCall>& calls) {
  for (const AuditCall& call : calls) {
    JsonWriter out;
    WriteCall(call, out);
    std::cout << out.text() << "\n";
  }
}

// A number, true or false; "" where it is not known.
std::string ValueText(const JsonValue& object, std::string_view key) {
  const JsonValue* const value = Member(object, key);
  return value == nullptr ? "" : JsonWriter().Value(*value).Take();
}

// Columns are only ever added, and behind the others: scripts count them.
void PrintCsv(const std::vector<AuditCall>& calls) {
  std::cout << "seq,time,stage,session,call,tool,decision,code,rule,requests,"
               "outcome,user,kube_user,client,context,server,mode,event,method,"
               "enforced,duration_us,bytes,detail\r\n";
  for (const AuditCall& call : calls) {
    const audit::StoredRecord& row = call.stored.decision;
    std::cout << row.seq << "," << audit::FormatUtc(row.time_ns) << ","
              << CsvLine({row.stage,
                          row.session,
                          row.call,
                          call.What(),
                          row.decision,
                          row.code,
                          call.Field("rule"),
                          call.RequestsInShort(),
                          call.outcome,
                          call.Field("os_user"),
                          call.Field("kube_user"),
                          call.Client(),
                          call.Field("context"),
                          call.Field("server"),
                          call.Field("mode"),
                          call.Field("event"),
                          call.Field("method"),
                          ValueText(call.asked, "enforced"),
                          ValueText(call.End(), "duration_us"),
                          ValueText(call.End(), "bytes"),
                          call.Field("detail")});
  }
}

void Print(const ListOptions& options, const std::vector<AuditCall>& calls) {
  const std::string& format = options.format;
  if (format == "json") {
    PrintJson(calls);
  } else if (format == "jsonl") {
    PrintLines(calls);
  } else if (format == "csv") {
    PrintCsv(calls);
  } else {
    PrintText(options, calls);
  }
}

int List(const ListOptions& options) {
  auto filter = ReadFilter(options.filter, audit::NowNanoseconds());
  if (!filter.ok()) return Misused(filter.error());
  filter.value().limit = options.limit;
  const auto reader = OpenTrail(options.database);
  if (!reader.ok()) return FailedToRead(reader.error());
  auto stored = reader.value()->List(filter.value());
  if (!stored.ok()) return FailedToRead(stored.error());
  std::vector<AuditCall> calls;
  for (audit::StoredCall& call : stored.value()) {
    calls.push_back(ReadCall(std::move(call)));
  }
  RecordReading(options.database, options.spoken);
  Print(options, calls);
  return kExitDone;
}

}  // namespace

void AddAuditList(Command audit) {
  const Command command = audit.AddCommand(
      "list",
      "The newest calls and events, oldest first. A refusal that was only "
      "observed bears a *; a forwarded call whose end was never seen is "
      "unknown");
  auto options = std::make_shared<ListOptions>();
  AddDatabaseOption(command, options->database);
  AddFilterOptions(command, options->filter);
  command.Add("--limit", options->limit, "At most so many, the newest; 0: all")
      .ShowDefault();
  command.AddFlag("--wide", options->wide,
                  "More columns, nothing cut, whole times (text only)");
  command.Add("--format", options->format, "How to print")
      .OneOf({"text", "json", "jsonl", "csv"})
      .ShowDefault();
  command.Do([options, command] {
    options->spoken = command.Spoken();
    return List(*options);
  });
}

}  // namespace gatehouse::cli
