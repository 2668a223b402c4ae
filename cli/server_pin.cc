// SPDX-License-Identifier: Apache-2.0
// `gatehouse server pin [--accept] -- SERVER`: the definitions of a live
// server's tools beside those that the audit database remembers of it, and a
// person's word that the new ones are right.
#include <unistd.h>

#include <chrono>

#include "audit/sqlite_sink.h"
#include "cli/os_user.h"
#include "cli/output_width.h"
#include "cli/paths.h"
#include "cli/profile_source.h"
#include "cli/server.h"
#include "cli/table.h"
#include "policy/json_value.h"
#include "policy/kubernetes/tool_coverage.h"
#include "policy/policy_text.h"
#include "proxy/catalogue.h"
#include "proxy/tool_definition.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kMaxText = std::size_t{64} * 1024;

struct PinOptions {
  StartChoice start;
  std::string database;
  bool accept = false;
};

enum class PinState { kAccepted = 0, kNew, kChanged, kDrifted };

struct PinRow {
  audit::ToolDefinition live;
  PinState state = PinState::kAccepted;
  std::string note;
  std::string before;  // kChanged: the definition that was accepted
};

using KnownTools = std::vector<audit::ToolDefinition>;

// The last accepted one of this tool, or nullptr.
const audit::ToolDefinition* Accepted(const KnownTools& known,
                                      std::string_view tool) {
  const audit::ToolDefinition* found = nullptr;
  for (const audit::ToolDefinition& each : known) {
    if (each.tool == tool && each.accepted) found = &each;
  }
  return found;
}

bool IsAccepted(const KnownTools& known, const audit::ToolDefinition& live) {
  return std::any_of(known.begin(), known.end(), [&live](const auto& each) {
    return each.accepted && each.tool == live.tool && each.hash == live.hash;
  });
}

PinRow RowOf(const ListedTool& tool, const KnownTools& known,
             const ToolProfile* profile, std::string_view server) {
  PinRow row;
  row.live = {std::string(server),
              tool.name,
              HashOf(tool.definition),
              tool.definition.substr(0, kMaxText),
              std::chrono::nanoseconds(
                  std::chrono::system_clock::now().time_since_epoch())
                  .count(),
              false};
  if (IsAccepted(known, row.live)) return row;
  const ToolCoverage coverage = CoverageOf(profile, tool.name, tool.arguments);
  if (coverage.state == Coverage::kDrifted) {
    row.state = PinState::kDrifted;
    row.note = "the profile does not know its argument " + coverage.argument;
  } else if (const auto* before = Accepted(known, tool.name)) {
    row.state = PinState::kChanged;
    row.note = ChangedMembers(before->text, row.live.text) + " changed";
    row.before = before->text;
  } else {
    row.state = PinState::kNew;
  }
  return row;
}

std::string_view StateWord(PinState state) {
  switch (state) {
    case PinState::kAccepted:
      return "accepted";
    case PinState::kNew:
      return "new";
    case PinState::kChanged:
      return "changed";
    case PinState::kDrifted:
      return "drifted";
  }
  return "";
}

// Drifted and changed ones wait for a person.
bool Waits(const PinRow& row) {
  return row.state == PinState::kChanged || row.state == PinState::kDrifted;
}

audit::Record AcceptedEvent(const std::vector<PinRow>& rows) {
  const OsUser user = CurrentUser();
  audit::Record record;
  record.stage = audit::Stage::kEvent;
  record.time_ns = std::chrono::nanoseconds(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  record.session = audit::NewUuidV7(record.time_ns / 1'000'000);
  record.os_user = user.name;
  record.uid = user.uid;
  record.pid = getpid();
  record.event = "tools accepted";
  for (const PinRow& row : rows) {
    if (!Waits(row)) continue;
    record.detail += (record.detail.empty() ? "" : "; ") + row.live.tool +
                     ": " + row.note + ", " + row.live.hash;
  }
  return record;
}

Status Keep(audit::Sink& sink, const std::vector<PinRow>& rows, bool accept) {
  bool event = false;
  for (PinRow row : rows) {
    if (row.state == PinState::kAccepted) continue;
    event = event || (accept && Waits(row));
    row.live.accepted = accept || !Waits(row);
    Status kept = sink.KeepDefinition(row.live);
    if (!kept.ok()) return kept;
  }
  if (event) {
    const auto written = sink.Append(AcceptedEvent(rows));
    if (!written.ok()) return written.error();
  }
  return sink.Commit(audit::Durability::kFull);
}

void Print(const std::vector<PinRow>& rows) {
  Table table({"TOOL", "STATE", "NOTE"});
  for (const PinRow& row : rows) {
    table.Add({{row.live.tool},
               {std::string(StateWord(row.state)),
                Waits(row) ? Style::kBad : Style::kGood},
               {row.note}});
  }
  std::cout << table.Render(OutputWidth());
  for (const PinRow& row : rows) {
    if (row.before.empty()) continue;
    std::cout << "\n"
              << row.live.tool << "\n  was  " << Printable(row.before)
              << "\n  is   " << Printable(row.live.text) << "\n";
  }
}

int Pin(const PinOptions& options) {
  const auto profile =
      ChooseProfile(options.start.profile, options.start.server);
  if (!profile.ok()) return ServerFailed(profile.error(), kExitMisuse);
  const auto listing = ListServerTools(options.start, profile.value().get());
  if (!listing.ok()) return ServerFailed(listing.error());
  auto sink = audit::OpenSqliteSink(
      options.database.empty() ? DefaultDatabase() : options.database);
  if (!sink.ok()) return ServerFailed(sink.error());
  const std::string server = ServerKey(options.start.server);
  const auto known = sink.value()->Definitions(server);
  if (!known.ok()) return ServerFailed(known.error());
  std::vector<PinRow> rows;
  for (const JsonValue& entry : listing.value().tools) {
    if (const auto tool = ReadListedTool(entry)) {
      rows.push_back(
          RowOf(*tool, known.value(), profile.value().get(), server));
    }
  }
  const Status kept = Keep(*sink.value(), rows, options.accept);
  if (!kept.ok()) return ServerFailed(kept.error());
  Print(rows);
  const bool waits = std::any_of(rows.begin(), rows.end(), Waits);
  if (!waits) return kExitDone;
  std::cerr << (options.accept
                    ? "gatehouse: accepted\n"
                    : "gatehouse: not accepted yet; look at what changed, then "
                      "give --accept\n");
  return options.accept ? kExitDone : kExitNo;
}

}  // namespace

void AddServerPin(Command server) {
  const Command command = server.AddCommand(
      "pin", "Compares a live server's tools with those seen before");
  auto options = std::make_shared<PinOptions>();
  command.AddFlag("--accept", options->accept,
                  "What is listed now is what may be called");
  command.Add("--db", options->database, "The audit database")
      .Environment("GATEHOUSE_DB")
      .Word("FILE");
  AddServerChoice(command, options->start);
  command.Footer(
      std::string("\nExamples:\n"
                  "  gatehouse server pin -- npx -y kubernetes-mcp-server\n"
                  "  gatehouse server pin --accept --policy team-a.yaml -- npx "
                  "-y kubernetes-mcp-server\n") +
      kStartHelp +
      "\nThe first definition of a tool is taken as it comes. A changed one "
      "is "
      "recorded by\n`run`, and refused with code drift where the policy says "
      "`pin: strict`; a tool with\nan argument that its profile does not "
      "know "
      "is refused in any case. --accept ends\nboth, for this command line of "
      "the server. Exit codes: 0 nothing waits, 1 something\nwaits to be "
      "accepted, 3 the server or the database cannot be used.\n");
  command.Do([options] { return Pin(*options); });
}

}  // namespace gatehouse::cli
