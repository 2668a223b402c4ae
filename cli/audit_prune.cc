// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit prune`: lets go of old records, and has the trail say so.
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <memory>

#include "audit/prune.h"
#include "audit/utc_time.h"
#include "cli/audit.h"
#include "cli/audit_since.h"
#include "cli/os_user.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

struct PruneOptions {
  std::string database;
  std::string before;
  bool payloads = false;
  bool dry_run = false;
  std::string format = "text";
};

void PrintJson(const PruneOptions& options, const audit::PruneReport& report) {
  JsonWriter out;
  out.BeginObject();
  out.Key("what").String(options.payloads ? "payloads" : "segments");
  out.Key("dry_run").Bool(options.dry_run);
  out.Key("records").Unsigned(report.records);
  out.Key("segments").Unsigned(report.segments);
  out.Key("bytes").Unsigned(report.bytes);
  out.Key("first").Unsigned(report.first);
  out.Key("last").Unsigned(report.last);
  out.Key("record");
  if (report.record == 0) {
    out.Null();
  } else {
    out.Unsigned(report.record);
  }
  out.EndObject();
  std::cout << out.text() << "\n";
}

void PrintText(const PruneOptions& options, const audit::PruneReport& report) {
  if (report.records == 0) {
    std::cout << (options.payloads
                      ? "No payload is older than that.\n"
                      : "No whole segment is older than that. (Records go to "
                        "segments as `run --segment-size` and --segment-age "
                        "say; --payloads erases what single records hold.)\n");
    return;
  }
  std::cout << (options.dry_run ? "Would go: " : "Gone: ");
  if (options.payloads) {
    std::cout << "the payloads of " << report.records << " records up to "
              << report.last;
  } else {
    std::cout << "records " << report.first << " to " << report.last << ", "
              << report.segments << " segments, " << (report.bytes >> 20)
              << " MiB";
  }
  std::cout << ".\n";
  if (report.record != 0) {
    std::cout << "Record " << report.record << " says so.\n";
  }
}

audit::Record Who() {
  const OsUser user = CurrentUser();
  audit::Record record;
  record.os_user = user.name;
  record.uid = user.uid;
  record.pid = getpid();
  return record;
}

int Prune(const PruneOptions& options) {
  audit::PrunePlan plan;
  const auto before = ReadSince(options.before, audit::NowNanoseconds());
  if (!before) {
    return Misused({ErrorCode::kInvalid,
                    "--before takes a time ago such as 90d or 52w, or a date "
                    "such as 2026-01-31"});
  }
  plan.before_ns = *before;
  plan.what = options.payloads ? audit::PruneWhat::kPayloads
                               : audit::PruneWhat::kSegments;
  plan.only_look = options.dry_run;
  plan.self = Who();
  const auto database = FindTrail(options.database);
  if (!database.ok()) return FailedToRead(database.error());
  const auto report = audit::Prune(database.value(), plan);
  if (!report.ok()) return FailedOrNo(report.error(), ErrorCode::kInvalid);
  if (options.format == "json") {
    PrintJson(options, report.value());
  } else {
    PrintText(options, report.value());
  }
  return kExitDone;
}

}  // namespace

void AddAuditPrune(Command audit) {
  const Command command = audit.AddCommand(
      "prune",
      "Let go of old records: whole segments, or with --payloads what records "
      "hold, whose digests stay. The trail says what went, and verifies");
  command.Footer(
      "\nExamples:\n"
      "  gatehouse audit prune --before 365d --dry-run\n"
      "  gatehouse audit prune --before 2026-01-31\n"
      "  gatehouse audit prune --before 90d --payloads\n\n"
      "Never what is younger than `gatehouse run --retention` said: exit 1.");
  auto options = std::make_shared<PruneOptions>();
  AddDatabaseOption(command, options->database);
  command
      .Add("--before", options->before,
           "Older than: 90d, 52w, or before 2026-01-31")
      .Required()
      .Word("TIME");
  command.AddFlag("--payloads", options->payloads,
                  "Erase who, what and arguments, and keep the chain");
  command.AddFlag("--dry-run", options->dry_run, "Only say what would go");
  command.Add("--format", options->format, "How to print")
      .OneOf({"text", "json"})
      .ShowDefault();
  command.Do([options] { return Prune(*options); });
}

}  // namespace gatehouse::cli
