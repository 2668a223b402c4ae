// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit tail`: the newest records, one a line, and with -f those
// that follow as they are written: a decision when it is made, its outcome when
// that comes.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <limits>
#include <memory>
#include <unordered_map>
#include <utility>

#include "audit/utc_time.h"
#include "cli/audit.h"
#include "cli/audit_filter.h"
#include "cli/call_joiner.h"
#include "cli/output_width.h"
#include "cli/table.h"
#include "cli/trail_reading.h"
#include "cli/trail_watch.h"
#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kWordWidth = 11;
constexpr std::size_t kLeastRest = 8;
constexpr std::size_t kToolWidth = 20;

struct TailOptions {
  std::string database;
  std::string format = "text";
  std::string spoken;
  bool follow = false;
  bool wide = false;
  std::size_t lines = 10;
  FilterOptions filter;
};

// Prints records as they come. With `--outcome` a decision is held until what
// came of it is known.
class TailPrinter {
 public:
  explicit TailPrinter(const TailOptions& options)
      : options_(options), joins_(!options.filter.filter.outcome.empty()) {}

  void Print(const audit::StoredRecord& record);

 private:
  void PrintCall(AuditCall call);
  void PrintLine(const AuditCall& call);

  const TailOptions& options_;
  const bool joins_;
  CallJoiner joiner_;
  // The numbers of the decisions whose outcome is awaited, by call.
  std::unordered_map<std::string, audit::Sequence> asked_;
};

std::string Size(const JsonValue& end) {
  const JsonValue* const bytes = Member(end, "bytes");
  if (bytes == nullptr) return "";
  return ", " + std::to_string(AsInteger(*bytes).value_or(0)) + " bytes";
}

std::string Took(const JsonValue& end) {
  const JsonValue* const took = Member(end, "duration_us");
  if (took == nullptr) return "";
  char text[40];
  std::snprintf(text, sizeof text, " in %.1f ms",
                static_cast<double>(AsInteger(*took).value_or(0)) / 1000);
  return text;
}

struct TailWords {
  std::string word;  // what happened, in a word
  Style style = Style::kPlain;
  std::string rest;
};

TailWords Say(const AuditCall& call) {
  const audit::StoredRecord& row = call.stored.decision;
  if (row.stage == "event")
    return {"event", Style::kPlain, call.Field("detail")};
  if (row.stage == "outcome") {
    const Style style = call.outcome == "ok" ? Style::kPlain : Style::kStrong;
    return {call.outcome, style, Took(call.asked) + Size(call.asked)};
  }
  const bool good = row.decision == "allow";
  std::string rest = call.RequestsInShort();
  if (rest.empty()) rest = call.Field("sentence");
  return {row.decision + (call.Observed() ? "*" : ""),
          good ? Style::kGood : Style::kBad,
          rest + (good ? "" : " [" + call.Why() + "]")};
}

void TailPrinter::Print(const audit::StoredRecord& record) {
  if (!joins_) {
    PrintCall(ReadCall({record, std::nullopt}));
    return;
  }
  std::optional<AuditCall> call = joiner_.Add(record);
  if (call && audit::FitsWords(options_.filter.filter.outcome, call->outcome)) {
    audit::StoredRecord end = *call->stored.outcome;
    PrintCall(*std::move(call));
    PrintCall(ReadCall({std::move(end), std::nullopt}));
  }
}

void TailPrinter::PrintCall(AuditCall call) {
  if (call.stored.decision.stage == "decision") call.outcome.clear();
  if (options_.format == "jsonl") {
    JsonWriter out;
    WriteCall(call, out);
    std::cout << out.text() << "\n";
  } else {
    PrintLine(call);
  }
}

void TailPrinter::PrintLine(const AuditCall& call) {
  const audit::StoredRecord& row = call.stored.decision;
  TailWords words = Say(call);
  if (row.stage == "decision") {
    asked_[row.call] = row.seq;
  } else if (row.stage == "outcome") {
    const auto asked = asked_.extract(row.call);
    if (!asked.empty()) {
      words.rest = "of " + std::to_string(asked.mapped()) + words.rest;
    }
  }
  const std::string time = audit::FormatUtc(row.time_ns);
  const std::string head = (options_.wide ? time : time.substr(11, 8)) + "  " +
                           FitTo(std::to_string(row.seq), 6) + "  ";
  const std::string tool = "  " +
                           (options_.wide ? Printable(call.What())
                                          : FitTo(call.What(), kToolWidth)) +
                           "  ";
  const std::size_t used = head.size() + kWordWidth + kToolWidth + 4;
  const std::size_t width = std::max(OutputWidth(), used + kLeastRest);
  std::cout << head << Styled(words.style, FitTo(words.word, kWordWidth))
            << tool
            << (options_.wide ? Printable(words.rest)
                              : CutTo(words.rest, width - used))
            << "\n";
}

// The trail at a place, which may be another file from now on.
class Follower {
 public:
  Follower(const TailOptions& options, audit::Filter filter)
      : options_(options), filter_(std::move(filter)), printer_(options) {
    filter_.outcome.clear();  // the printer's business: it comes later
  }

  Status Start();
  Status Follow();

 private:
  Status Open();
  Status PrintNew();

  const TailOptions& options_;
  audit::Filter filter_;
  TailPrinter printer_;
  std::unique_ptr<audit::Reader> reader_;
  audit::OpenCalls open_;
};

Status Follower::Open() {
  auto opened = OpenTrail(options_.database);
  if (!opened.ok()) return opened.error();
  reader_ = std::move(opened).value();
  return Done{};
}

// The newest calls only say where to begin.
Status Follower::Start() {
  Status opened = Open();
  if (!opened.ok()) return opened;
  audit::Filter newest = filter_;
  newest.limit = options_.lines;
  newest.outcome = options_.filter.filter.outcome;
  audit::Sequence begin = std::numeric_limits<std::int64_t>::max();
  if (options_.lines > 0) {
    const auto calls = reader_->List(newest);
    if (!calls.ok()) return calls.error();
    if (!calls.value().empty()) begin = calls.value().front().decision.seq - 1;
  }
  filter_.after = begin;
  return PrintNew();
}

Status Follower::PrintNew() {
  const auto last = reader_->Follow(
      filter_, open_,
      [this](const audit::StoredRecord& row) { printer_.Print(row); });
  if (!last.ok()) return last.error();
  filter_.after = last.value();
  std::cout.flush();
  return Done{};
}

Status Follower::Follow() {
  auto watch = TrailWatch::Open(TrailPath(options_.database));
  if (!watch.ok()) return watch.error();
  Patience patience;
  std::int64_t seen = -1;
  while (std::cout.good()) {
    const auto version = reader_->DataVersion();
    if (!version.ok()) return version.error();
    if (version.value() != seen) {
      Status printed = PrintNew();
      if (!printed.ok()) return printed;
      seen = version.value();
    }
    const TrailWatch::Woken woken = watch.value().Wait(patience.Next());
    if (woken == TrailWatch::Woken::kEnd) break;
    if (woken == TrailWatch::Woken::kChange) patience.Renew();
  }
  return Done{};
}

int Tail(const TailOptions& options) {
  auto filter = ReadFilter(options.filter, audit::NowNanoseconds());
  if (!filter.ok()) return Misused(filter.error());
  Follower follower(options, std::move(filter).value());
  Status status = follower.Start();
  if (status.ok()) RecordReading(options.database, options.spoken);
  if (status.ok() && options.follow) status = follower.Follow();
  return status.ok() ? kExitDone : FailedToRead(status.error());
}

}  // namespace

void AddAuditTail(Command audit) {
  const Command command = audit.AddCommand(
      "tail",
      "The newest records, one a line: a decision when it was made, its "
      "outcome when that came. -f: and those that follow, until Ctrl-C");
  auto options = std::make_shared<TailOptions>();
  AddDatabaseOption(command, options->database);
  command.AddFlag("-f,--follow", options->follow,
                  "Go on with what is written from now on");
  command
      .Add("-n,--lines", options->lines, "Begin with so many calls and events")
      .ShowDefault();
  command.AddFlag("--wide", options->wide,
                  "Nothing cut, whole times (text only)");
  command
      .Add("--format", options->format,
           "How to print; in jsonl the outcome of a decision is null, "
           "and comes as a line of stage outcome with the same call")
      .OneOf({"text", "jsonl"})
      .ShowDefault();
  AddFilterOptions(command, options->filter);
  command.Do([options, command] {
    options->spoken = command.Spoken();
    return Tail(*options);
  });
}

}  // namespace gatehouse::cli
