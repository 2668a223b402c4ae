// SPDX-License-Identifier: Apache-2.0
// `gatehouse server inspect -- SERVER`: each tool that the live server lists,
// and whether the profile describes it as it is.
#include <map>
#include <set>

#include "cli/output_width.h"
#include "cli/profile_source.h"
#include "cli/server.h"
#include "cli/table.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "policy/kubernetes/tool_coverage.h"
#include "policy/kubernetes/tool_profile.h"
#include "proxy/tool_definition.h"

namespace gatehouse::cli {
namespace {

struct InspectOptions {
  StartChoice start;
  std::string format = "text";
};

struct ToolRow {
  std::string tool;
  Coverage state = Coverage::kUnknown;
  std::string note;
};

std::string NoteOf(const ToolCoverage& coverage) {
  switch (coverage.state) {
    case Coverage::kUnknown:
      return "not in the profile";
    case Coverage::kDrifted:
      return "the profile does not know its argument " + coverage.argument;
    case Coverage::kCovered:
      return coverage.unclear.empty() ? "" : "unclear: " + coverage.unclear;
  }
  return "";
}

// A name that stands there twice is two tools to the server and one to the
// client: neither is described.
std::vector<ToolRow> RowsOf(const std::vector<JsonValue>& tools,
                            const ToolProfile* profile) {
  std::vector<ToolRow> rows;
  std::map<std::string, std::size_t> at;
  for (const JsonValue& entry : tools) {
    const auto tool = ReadListedTool(entry);
    if (!tool.has_value()) {
      rows.push_back(
          {"?", Coverage::kUnknown, "an entry without a tool's name"});
      continue;
    }
    if (const auto found = at.find(tool->name); found != at.end()) {
      rows[found->second] = {tool->name, Coverage::kDrifted, "listed twice"};
      continue;
    }
    at[tool->name] = rows.size();
    const ToolCoverage coverage =
        CoverageOf(profile, tool->name, tool->arguments);
    rows.push_back({tool->name, coverage.state, NoteOf(coverage)});
  }
  return rows;
}

std::size_t Count(const std::vector<ToolRow>& rows, Coverage state) {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(),
      [state](const ToolRow& row) { return row.state == state; }));
}

// Whether the server's version, as it says, is one of the profile's.
VersionFit FitOf(const ServerListing& listing, const ToolProfile* profile) {
  return profile == nullptr ? VersionFit::kUnknown
                            : profile->FitOf(listing.hello.version);
}

// The profile's name, and which versions of the server it was checked against.
std::string ProfileLine(const ServerListing& listing,
                        const ToolProfile* profile) {
  if (profile == nullptr) {
    return "none: name one with --profile, or draft one with `gatehouse server "
           "scaffold`";
  }
  if (profile->reports_sdk) {
    return profile->name + "  (versions " + profile->versions +
           "; the server reports its SDK's, not its own)";
  }
  const bool outside = FitOf(listing, profile) == VersionFit::kOutside;
  return profile->name + "  (versions " + profile->versions +
         (outside ? "; this is another one, and what its tools do may have "
                    "changed)"
                  : ")");
}

void PrintJson(const ServerListing& listing, const ToolProfile* profile,
               const std::vector<ToolRow>& rows) {
  JsonWriter out;
  out.BeginObject().Key("server").BeginObject();
  out.Key("name").String(listing.hello.name);
  out.Key("version").String(listing.hello.version);
  out.Key("self_reported").Bool(true).EndObject();
  out.Key("profile");
  profile == nullptr ? out.Null() : out.String(profile->name);
  out.Key("version_in_profile");
  const VersionFit fit = FitOf(listing, profile);
  fit == VersionFit::kUnknown ? out.Null()
                              : out.Bool(fit == VersionFit::kInside);
  out.Key("tools").BeginArray();
  for (const ToolRow& row : rows) {
    out.BeginObject().Key("tool").String(row.tool);
    out.Key("state").String(CoverageName(row.state));
    out.Key("note").String(row.note).EndObject();
  }
  std::cout << out.EndArray().EndObject().text() << "\n";
}

void PrintText(const ServerListing& listing, const ToolProfile* profile,
               const std::vector<ToolRow>& rows) {
  std::cout << "server   " << Printable(listing.hello.name) << " "
            << Printable(listing.hello.version) << "  (as it says)\n"
            << "profile  " << ProfileLine(listing, profile) << "\n\n";
  Table table({"TOOL", "STATE", "NOTE"});
  for (const ToolRow& row : rows) {
    table.Add({{row.tool},
               {std::string(CoverageName(row.state)),
                row.state == Coverage::kCovered ? Style::kGood : Style::kBad},
               {row.note}});
  }
  std::cout << table.Render(OutputWidth()) << "\n"
            << Count(rows, Coverage::kCovered) << " covered, "
            << Count(rows, Coverage::kDrifted) << " drifted, "
            << Count(rows, Coverage::kUnknown) << " unknown\n";
}

int Inspect(const InspectOptions& options) {
  const auto profile =
      ChooseProfile(options.start.profile, options.start.server);
  if (!profile.ok()) return ServerFailed(profile.error(), kExitMisuse);
  const ToolProfile* const described = profile.value().get();
  const auto listing = ListServerTools(options.start, described);
  if (!listing.ok()) return ServerFailed(listing.error());
  const std::vector<ToolRow> rows = RowsOf(listing.value().tools, described);
  options.format == "json" ? PrintJson(listing.value(), described, rows)
                           : PrintText(listing.value(), described, rows);
  return Count(rows, Coverage::kCovered) == rows.size() ? kExitDone : kExitNo;
}

}  // namespace

void AddServerInspect(Command server) {
  const Command command = server.AddCommand(
      "inspect", "Which tools of a live server its profile describes");
  auto options = std::make_shared<InspectOptions>();
  command.Add("--format", options->format, "text or json")
      .OneOf({"text", "json"})
      .ShowDefault();
  AddServerChoice(command, options->start);
  command.Footer(
      std::string("\nExample:\n  gatehouse server inspect -- npx -y "
                  "kubernetes-mcp-server\n") +
      kStartHelp +
      "\nA tool is covered (the profile describes it), drifted (it has an "
      "argument that the\nprofile does not know) or unknown; calls of the last "
      "two are refused.\nExit codes: 0 all are covered, 1 not all, 3 the "
      "server cannot be asked.\n");
  command.Do([options] { return Inspect(*options); });
}

}  // namespace gatehouse::cli
