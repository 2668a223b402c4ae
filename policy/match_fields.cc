// SPDX-License-Identifier: Apache-2.0
// The fields that say what a rule, or its `unless`, is about; and those of
// `who`.
#include <iterator>
#include <string>
#include <utility>

#include "policy/file_reader.h"
#include "policy/pod_security.h"

namespace gatehouse {
namespace {

// Most fields are a list of patterns that goes to a member of its own.
template <std::optional<Words> MatchFields::*kMember>
void Globs(FileReader& reader, const YamlMember& m) {
  reader.match().*kMember = reader.values().Globs(m);
}

template <std::optional<Words> WhoFields::*kMember>
void WhoGlobs(FileReader& reader, const YamlMember& m) {
  *reader.match().who.*kMember = reader.values().Globs(m);
}

void Resources(FileReader& reader, const YamlMember& m) {
  reader.match().resources = reader.values().List(m);
}

void Namespaces(FileReader& reader, const YamlMember& m) {
  reader.match().namespaces = reader.values().Namespaces(m);
}

void PodStandards(FileReader& reader, const YamlMember& m) {
  reader.match().pod_security = reader.values().List(m);
  for (const Word& word : *reader.match().pod_security) {
    if (PodStandardFromName(word.text)) continue;
    std::string message = "unknown pod security standard " + Quoted(word.text) +
                          reader.values().place();
    const std::string_view nearest = NearestWord(
        word.text, {std::begin(kPodStandards), std::end(kPodStandards)});
    message += nearest.empty()
                   ? "; it is \"privileged\", \"baseline\" or \"restricted\""
                   : "; did you mean \"" + std::string(nearest) + "\"?";
    reader.Add(Fault::kBadValue, word.position, std::move(message));
  }
}

void Who(FileReader& reader, const YamlMember& m) {
  reader.match().who.emplace().position = m.position;
  if (!reader.ReadMap(m, FieldPlace::kWho)) reader.match().who.reset();
}

void When(FileReader& reader, const YamlMember& m) {
  reader.match().when.emplace().position = m.position;
  if (!reader.ReadMap(m, FieldPlace::kWhen)) return;
  const bool both =
      m.value.Find("days") != nullptr || m.value.Find("hours") != nullptr;
  if (both && m.value.Find("zone") != nullptr) return;
  reader.Add(Fault::kMissingField, m.position,
             both ? "\"when\" has no \"zone\"; write one, like zone: "
                    "Europe/Berlin or zone: UTC"
                  : "\"when\" has neither \"days\" nor \"hours\"");
}

void Days(FileReader& reader, const YamlMember& m) {
  Weekdays& days = reader.match().when->days;
  days.reset();
  for (const Word& word : reader.values().List(m)) {
    if (const auto some = ReadWeekdays(word.text)) {
      days |= *some;
      continue;
    }
    reader.Add(Fault::kBadValue, word.position,
               "unknown days " + Quoted(word.text) + reader.values().place() +
                   "; they are mon, tue, wed, thu, fri, sat, sun, or a span "
                   "like mon-fri");
  }
}

void Hours(FileReader& reader, const YamlMember& m) {
  for (const Word& word : reader.values().Scalars(m)) {
    if (const auto range = ReadHours(word.text)) {
      reader.match().when->hours.push_back(*range);
      continue;
    }
    reader.Add(Fault::kBadValue, word.position,
               "unknown hours " + Quoted(word.text) + reader.values().place() +
                   "; write a span like 09:00-17:30, or 22:00-06:00 over "
                   "midnight");
  }
}

void Zone(FileReader& reader, const YamlMember& m) {
  reader.match().when->zone = {reader.values().Text(m), m.value.position};
}

constexpr Places kMatch = {FieldPlace::kRule, FieldPlace::kUnless};

const FieldRow kMatchRows[] = {
    {"resources", kMatch, Shape::kWords,
     "pods, deploy, pods/log, pods/*, *, certificates.cert-manager.io; "
     "omitted: all ordinary ones.",
     Resources},
    {"namespaces", kMatch, Shape::kNamespaces,
     "Names or globs; \"\" is cluster scope, \"*\" every namespace.",
     Namespaces},
    {"names", kMatch, Shape::kPatterns,
     "Object names or globs; an allow with names never covers a list.",
     Globs<&MatchFields::names>},
    {"contexts", kMatch, Shape::kPatterns, "Kubeconfig contexts.",
     Globs<&MatchFields::contexts>},
    {"servers", kMatch, Shape::kPatterns, "Profile names.",
     Globs<&MatchFields::servers>},
    {"tools", kMatch, Shape::kPatterns, "MCP tool names.",
     Globs<&MatchFields::tools>},
    {"methods", kMatch, Shape::kPatterns,
     "MCP methods that are no tool calls: resources/read, prompts/get.",
     Globs<&MatchFields::methods>},
    {"uris", kMatch, Shape::kPatterns, "URIs of the server's resources.",
     Globs<&MatchFields::uris>},
    {"prompts", kMatch, Shape::kPatterns, "Names of the server's prompts.",
     Globs<&MatchFields::prompts>},
    {"podSecurity",
     kMatch,
     Shape::kChoices,
     "The security standard that its pods need; not of an allow, where it "
     "stands under unless.",
     PodStandards,
     {},
     kPodStandards},
    {"who", kMatch, Shape::kMap, "Who asks; every list given must match.", Who,
     FieldPlace::kWho},
    {"when", kMatch, Shape::kMap, "The days and hours at which it matches.",
     When, FieldPlace::kWhen},
    {"days",
     {FieldPlace::kWhen},
     Shape::kWeekdays,
     "mon, mon-fri, and so on, in the zone.",
     Days},
    {"hours",
     {FieldPlace::kWhen},
     Shape::kHours,
     "09:00-17:30, or 22:00-06:00, which ends on the next day.",
     Hours},
    {"zone",
     {FieldPlace::kWhen},
     Shape::kText,
     "A zone of the IANA database: Europe/Berlin, UTC.",
     Zone},
    {"users",
     {FieldPlace::kWho},
     Shape::kPatterns,
     "Of the operating system, verified.",
     WhoGlobs<&WhoFields::users>},
    {"groups",
     {FieldPlace::kWho},
     Shape::kPatterns,
     "Of the operating system, verified.",
     WhoGlobs<&WhoFields::groups>},
    {"kubeUsers",
     {FieldPlace::kWho},
     Shape::kPatterns,
     "From the kubeconfig.",
     WhoGlobs<&WhoFields::kube_users>},
    {"clients",
     {FieldPlace::kWho},
     Shape::kPatterns,
     "What the client says of itself: never the only ground of an allow.",
     WhoGlobs<&WhoFields::clients>},
};

}  // namespace

std::span<const FieldRow> MatchFieldRows() { return kMatchRows; }

}  // namespace gatehouse
