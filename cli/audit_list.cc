// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit list`: the newest calls, oldest first, for people (a table
// of 80 columns) and for machines.
#include <charconv>
#include <cstdio>
#include <iostream>
#include <memory>
#include <utility>

#include "audit/utc_time.h"
#include "cli/audit.h"
#include "cli/audit_call.h"
#include "cli/audit_since.h"
#include "cli/table.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kWidth = 80;

struct ListOptions {
  std::string database;
  std::string since;
  std::string format = "text";
  audit::Filter filter;
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

// The rule where one decided, else the code: the shortest answer to "why".
std::string Why(const AuditCall& call) {
  const std::string rule = call.Field("rule");
  return rule.empty() ? call.stored.decision.code : rule;
}

void PrintText(const std::vector<AuditCall>& calls) {
  if (calls.empty()) {
    std::cerr << "gatehouse: no record matches\n";
    return;
  }
  Table table({"SEQ", "AGO", "DECISION", "TOOL", "REQUESTS", "WHY", "OUTCOME"});
  const std::int64_t now_ns = audit::NowNanoseconds();
  for (const AuditCall& call : calls) {
    const audit::StoredRecord& row = call.stored.decision;
    const Style style = StyleOf(row.decision);
    const bool observed = call.asked.is_object() && !row.decision.empty() &&
                          row.decision != "allow" && !call.outcome.empty();
    table.Add({{std::to_string(row.seq)},
               {Ago(row.time_ns, now_ns)},
               {row.decision.empty() ? row.stage
                                     : row.decision + (observed ? "*" : ""),
                style},
               {call.What()},
               {call.requests.empty() ? call.Field("detail")
                                      : call.RequestsInShort()},
               {Why(call)},
               {call.outcome,
                call.outcome == "ok" ? Style::kPlain : Style::kStrong}});
  }
  std::cout << table.Render(kWidth);
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

// RFC 4180. A cell that a spreadsheet would run as a formula gets a "'"
// before it: tool names come from strangers.
std::string CsvCell(const std::string& text) {
  std::string cell = "\"";
  if (!text.empty() &&
      std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) {
    cell += '\'';
  }
  for (const char letter : text) {
    if (letter == '"') cell += '"';
    cell += letter;
  }
  return cell + '"';
}

void PrintCsv(const std::vector<AuditCall>& calls) {
  std::cout << "seq,time,stage,session,call,tool,decision,code,rule,requests,"
               "outcome\r\n";
  for (const AuditCall& call : calls) {
    const audit::StoredRecord& row = call.stored.decision;
    std::cout << row.seq << "," << audit::FormatUtc(row.time_ns);
    for (const std::string& text :
         {row.stage, row.session, row.call, call.What(), row.decision, row.code,
          call.Field("rule"), call.RequestsInShort(), call.outcome}) {
      std::cout << "," << CsvCell(text);
    }
    std::cout << "\r\n";
  }
}

void Print(const std::string& format, const std::vector<AuditCall>& calls) {
  if (format == "json") {
    PrintJson(calls);
  } else if (format == "jsonl") {
    PrintLines(calls);
  } else if (format == "csv") {
    PrintCsv(calls);
  } else {
    PrintText(calls);
  }
}

int List(ListOptions options) {
  if (!options.since.empty()) {
    options.filter.since_ns = ReadSince(options.since, audit::NowNanoseconds());
    if (!options.filter.since_ns) {
      std::cerr << "gatehouse: --since takes a time ago such as 90s, 15m, 1h, "
                   "7d, or a date such as 2026-01-31\n";
      return kExitMisuse;
    }
  }
  const auto reader = OpenTrail(options.database);
  if (!reader.ok()) return FailedToRead(reader.error());
  auto stored = reader.value()->List(options.filter);
  if (!stored.ok()) return FailedToRead(stored.error());
  std::vector<AuditCall> calls;
  for (audit::StoredCall& call : stored.value()) {
    calls.push_back(ReadCall(std::move(call)));
  }
  Print(options.format, calls);
  return kExitDone;
}

}  // namespace

void AddAuditList(CLI::App& audit, Action& action) {
  auto* command = audit.add_subcommand(
      "list",
      "The newest calls and events, oldest first. A refusal that was only "
      "observed bears a *; a forwarded call whose end was never seen is "
      "unknown");
  auto options = std::make_shared<ListOptions>();
  AddDatabaseOption(*command, options->database);
  command->add_option("--since", options->since,
                      "Not older than: 90s, 15m, 1h, 7d, or 2026-01-31");
  command->add_option("--decision", options->filter.decision, "Only these")
      ->check(CLI::IsMember({"allow", "ask", "deny"}));
  command->add_option("--tool", options->filter.tool, "Only this tool");
  command->add_option("--namespace", options->filter.namespace_name,
                      "Only what touched it, calls over all included");
  command->add_option("--session", options->filter.session,
                      "Only this session (its id or how that begins)");
  command
      ->add_option("--limit", options->filter.limit,
                   "At most so many, the newest; 0: all")
      ->capture_default_str();
  command->add_option("--format", options->format, "How to print")
      ->check(CLI::IsMember({"text", "json", "jsonl", "csv"}))
      ->capture_default_str();
  command->callback(
      [&action, options] { action = [options] { return List(*options); }; });
}

}  // namespace gatehouse::cli
