// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit stats`: the trail in numbers: an overview, or one table of
// the calls by a field.
#include <cstdio>
#include <iostream>
#include <memory>
#include <utility>

#include "audit/utc_time.h"
#include "cli/audit.h"
#include "cli/audit_filter.h"
#include "cli/call_counter.h"
#include "cli/csv.h"
#include "cli/output_width.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/trail_reading.h"
#include "cli/trail_stats.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kOverview[] = {"tool", "verb", "namespace", "code",
                                     "rule", "user", "client",    "server"};

constexpr std::size_t kTextRows = 10;

struct StatsOptions {
  std::string database;
  std::string by;
  std::string format = "text";
  std::string spoken;
  std::optional<std::size_t> top;
  FilterOptions filter;
};

// Machines get all unless told otherwise. 0: all.
std::size_t RowsOf(const StatsOptions& options) {
  return options.top.value_or(options.format == "text" ? kTextRows : 0);
}

Result<TrailStats> Gather(const StatsOptions& options,
                          const audit::Filter& filter) {
  std::vector<const StatsField*> fields;
  if (options.by.empty()) {
    for (const char* name : kOverview) fields.push_back(FindStatsField(name));
  } else {
    fields.push_back(FindStatsField(options.by));
  }
  const auto reader = OpenTrail(options.database);
  if (!reader.ok()) return reader.error();
  const auto head = reader.value()->HeadRow();
  if (!head.ok()) return head.error();
  TrailStats stats(std::move(fields));
  Progress progress("counting");
  CallCounter counter(stats);
  audit::OpenCalls open;
  const auto walked = reader.value()->Follow(
      filter, open, [&](const audit::StoredRecord& record) {
        counter.Add(record);
        progress.Show(record.seq, head.value().seq);
      });
  if (!walked.ok()) return walked.error();
  counter.AddRest();
  return stats;
}

std::string Milliseconds(std::int64_t us) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(us) / 1000);
  return text;
}

std::string Counts(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    text += (text.empty() ? "" : ", ") + Printable(name) + " " +
            std::to_string(count);
  }
  return text;
}

void Line(const char* name, const std::string& text) {
  if (text.empty()) return;
  std::string head(name);
  head.resize(11, ' ');
  std::cout << Styled(Style::kStrong, head) << text << "\n";
}

std::string Decided(const CallCounts& all) {
  std::string text = std::to_string(all.calls) + ": " +
                     std::to_string(all.allow) + " allowed, " +
                     std::to_string(all.deny) + " denied";
  if (all.ask > 0) text += ", " + std::to_string(all.ask) + " asked";
  if (all.observed > 0) {
    text += "; " + std::to_string(all.observed) + " only observed";
  }
  return text;
}

std::vector<ValueCounts> Top(const TrailStats& stats, std::size_t field,
                             std::size_t top) {
  std::vector<ValueCounts> values = stats.By(field);
  if (top > 0 && values.size() > top) values.resize(top);
  return values;
}

void PrintTable(const TrailStats& stats, std::size_t field,
                const std::string& name, std::size_t top) {
  const std::size_t all = stats.By(field).size();
  if (all == 0) return;
  std::string title = name;
  for (char& letter : title) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 32);
  }
  Table table({title, "CALLS", "ALLOW", "ASK", "DENY"});
  for (const ValueCounts& one : Top(stats, field, top)) {
    const CallCounts& counts = one.counts;
    table.Add({{one.value},
               {std::to_string(counts.calls)},
               {std::to_string(counts.allow)},
               {std::to_string(counts.ask)},
               {std::to_string(counts.deny),
                counts.deny > 0 ? Style::kBad : Style::kPlain}});
  }
  std::cout << table.Render(OutputWidth());
  if (top > 0 && all > top) {
    std::cout << "and " << all - top << " more (--top)\n";
  }
}

void PrintText(const StatsOptions& options, TrailStats& stats) {
  if (stats.first_ns() == 0) {
    std::cerr << "gatehouse: no record matches\n";
    return;
  }
  if (!options.by.empty()) {
    PrintTable(stats, 0, options.by, RowsOf(options));
    return;
  }
  Line("from", audit::FormatUtc(stats.first_ns()));
  Line("to", audit::FormatUtc(stats.last_ns()));
  Line("calls", Decided(stats.all()));
  Line("outcomes", Counts(stats.outcomes()));
  if (stats.Duration(1) > 0) {
    Line("took", "half within " + Milliseconds(stats.Duration(0.5)) +
                     ", 95 % within " + Milliseconds(stats.Duration(0.95)) +
                     ", the longest " + Milliseconds(stats.Duration(1)));
  }
  Line("events", Counts(stats.events()));
  for (std::size_t i = 0; i < std::size(kOverview); ++i) {
    if (stats.By(i).empty()) continue;
    std::cout << "\n";
    PrintTable(stats, i, kOverview[i], RowsOf(options));
  }
}

void WriteCounts(const std::map<std::string, std::uint64_t>& counts,
                 JsonWriter& out) {
  out.BeginObject();
  for (const auto& [name, count] : counts) out.Key(name).Unsigned(count);
  out.EndObject();
}

void WriteCalls(const CallCounts& counts, JsonWriter& out) {
  out.Key("calls").Unsigned(counts.calls);
  out.Key("allow").Unsigned(counts.allow);
  out.Key("ask").Unsigned(counts.ask);
  out.Key("deny").Unsigned(counts.deny);
  out.Key("observed").Unsigned(counts.observed);
}

void PrintJson(const StatsOptions& options, TrailStats& stats) {
  JsonWriter out;
  const bool any = stats.first_ns() != 0;
  const auto time = [any](std::int64_t ns) {
    return any ? std::optional(audit::FormatUtc(ns)) : std::nullopt;
  };
  out.BeginObject();
  out.Key("from").Optional(time(stats.first_ns()));
  out.Key("to").Optional(time(stats.last_ns()));
  WriteCalls(stats.all(), out);
  out.Key("outcomes");
  WriteCounts(stats.outcomes(), out);
  out.Key("events");
  WriteCounts(stats.events(), out);
  out.Key("duration_us").BeginObject();
  out.Key("p50").Integer(stats.Duration(0.5));
  out.Key("p95").Integer(stats.Duration(0.95));
  out.Key("p99").Integer(stats.Duration(0.99));
  out.Key("max").Integer(stats.Duration(1));
  out.EndObject();
  out.Key("by").BeginObject();
  const std::size_t fields = options.by.empty() ? std::size(kOverview) : 1;
  for (std::size_t i = 0; i < fields; ++i) {
    out.Key(options.by.empty() ? kOverview[i] : options.by).BeginArray();
    for (const ValueCounts& one : Top(stats, i, RowsOf(options))) {
      out.BeginObject();
      out.Key("value").String(one.value);
      WriteCalls(one.counts, out);
      out.EndObject();
    }
    out.EndArray();
  }
  out.EndObject();
  out.EndObject();
  std::cout << out.text() << "\n";
}

void PrintCsv(const StatsOptions& options, const TrailStats& stats) {
  std::cout << options.by << ",calls,allow,ask,deny,observed\r\n";
  for (const ValueCounts& one : Top(stats, 0, RowsOf(options))) {
    const CallCounts& counts = one.counts;
    std::cout << CsvCell(one.value) << "," << counts.calls << ","
              << counts.allow << "," << counts.ask << "," << counts.deny << ","
              << counts.observed << "\r\n";
  }
}

int Stats(const StatsOptions& options) {
  if (options.format == "csv" && options.by.empty()) {
    return Misused({ErrorCode::kInvalid,
                    "--format csv is one table: say which with --by"});
  }
  const auto filter = ReadFilter(options.filter, audit::NowNanoseconds());
  if (!filter.ok()) return Misused(filter.error());
  Result<TrailStats> stats = Gather(options, filter.value());
  if (!stats.ok()) return FailedToRead(stats.error());
  RecordReading(options.database, options.spoken);
  if (options.format == "json") {
    PrintJson(options, stats.value());
  } else if (options.format == "csv") {
    PrintCsv(options, stats.value());
  } else {
    PrintText(options, stats.value());
  }
  return kExitDone;
}

}  // namespace

void AddAuditStats(Command audit) {
  const Command command = audit.AddCommand(
      "stats",
      "The trail in numbers: calls, decisions, outcomes, durations, and the "
      "most frequent tools, verbs, namespaces, codes, rules, users, clients "
      "and servers");
  auto options = std::make_shared<StatsOptions>();
  AddDatabaseOption(command, options->database);
  std::vector<std::string> names;
  for (const StatsField& field : StatsFields()) names.emplace_back(field.name);
  command.Add("--by", options->by, "One table, by this field").OneOf(names);
  command.Add("--top", options->top,
              "At most so many rows of a table; 0: all (default: 10 "
              "as text, else all)");
  command.Add("--format", options->format, "How to print; csv needs --by")
      .OneOf({"text", "json", "csv"})
      .ShowDefault();
  AddFilterOptions(command, options->filter);
  command.Do([options, command] {
    options->spoken = command.Spoken();
    return Stats(*options);
  });
}

}  // namespace gatehouse::cli
