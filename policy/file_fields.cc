// SPDX-License-Identifier: Apache-2.0
// The fields of the document itself and of `scope`.
#include <algorithm>
#include <string>

#include "policy/file_reader.h"
#include "policy/json_value.h"
#include "policy/settings.h"

namespace gatehouse {
namespace {

constexpr std::string_view kApiVersions[] = {kApiVersion};
constexpr std::string_view kKinds[] = {kKind};
constexpr std::string_view kModes[] = {"enforce", "observe"};
constexpr std::string_view kLockedModes[] = {"enforce"};
constexpr std::string_view kLockedDurabilities[] = {"full"};
constexpr std::string_view kDryRuns[] = {"read"};
constexpr std::string_view kPins[] = {"record", "strict"};

void Expect(FileReader& reader, const YamlMember& m, std::string_view value) {
  if (reader.values().Text(m) == value || m.value.kind != NodeKind::kScalar) {
    return;
  }
  reader.Add(Fault::kBadValue, m.value.position,
             "\"" + m.key + "\" must be \"" + std::string(value) + "\" here");
}

void ApiVersion(FileReader& reader, const YamlMember& m) {
  Expect(reader, m, kApiVersion);
}

void Kind(FileReader& reader, const YamlMember& m) { Expect(reader, m, kKind); }

void Name(FileReader& reader, const YamlMember& m) {
  std::string& name = reader.file().name;
  name = reader.values().Text(m);
  if (name.empty() || IsId(name)) return;
  reader.Add(Fault::kBadId, m.value.position,
             "a policy's name has lower case letters, digits and \"-\", at "
             "most 63, and begins with a letter or digit");
}

void Description(FileReader& reader, const YamlMember& m) {
  reader.file().description = reader.values().Text(m);
}

void FileMode(FileReader& reader, const YamlMember& m) {
  const std::string mode = reader.values().Text(m);
  reader.file().mode_position = m.value.position;
  std::optional<Mode>& into = reader.file().mode;
  if (mode == "enforce") into = Mode::kEnforce;
  if (mode == "observe") into = Mode::kObserve;
  if (!into && !mode.empty()) {
    reader.Add(Fault::kBadValue, m.value.position,
               "\"mode\" is \"enforce\" or \"observe\"");
  }
}

void Pin(FileReader& reader, const YamlMember& m) {
  const std::string pin = reader.values().Text(m);
  reader.file().pin_strict = pin == "strict";
  if (pin.empty() || pin == "strict" || pin == "record") return;
  reader.Add(Fault::kBadValue, m.value.position,
             "\"pin\" is \"record\" or \"strict\"");
}

void Extends(FileReader& reader, const YamlMember& m) {
  reader.file().extends = reader.values().List(m);
}

void Scope(FileReader& reader, const YamlMember& m) {
  reader.values().SetPlace(" in \"scope\"");
  reader.ReadMap(m, FieldPlace::kScope);
  reader.values().SetPlace("");
}

void ScopeContexts(FileReader& reader, const YamlMember& m) {
  reader.file().scope.contexts = reader.values().Globs(m);
}

void ScopeNamespaces(FileReader& reader, const YamlMember& m) {
  reader.file().scope.namespaces = reader.values().Namespaces(m);
}

void Protect(FileReader& reader, const YamlMember& m) {
  const Words words = reader.values().ListOrNothing(m);  // [] turns it off
  reader.values().CheckGlobs(words);
  reader.file().protect = words;
}

void ServerSettings(FileReader& reader, const YamlMember& m) {
  reader.file().server_settings = reader.values().List(m);
}

void Require(FileReader& reader, const YamlMember& m) {
  reader.file().require = reader.values().List(m);
  for (const Word& word : reader.file().require) {
    const auto names = SettingNames();
    if (std::find(names.begin(), names.end(), word.text) != names.end()) {
      continue;
    }
    reader.Add(Fault::kUnknownSetting, word.position,
               "unknown setting " + Quoted(word.text) + "; it is " +
                   SettingNamesText());
  }
}

void Lock(FileReader& reader, const YamlMember& m) {
  reader.file().lock.emplace().position = m.position;
  reader.ReadMap(m, FieldPlace::kLock);
}

// The only value that a lock takes is the strict one.
bool IsLocked(FileReader& reader, const YamlMember& m, std::string_view value) {
  Expect(reader, m, value);
  return m.value.scalar == value;
}

void LockMode(FileReader& reader, const YamlMember& m) {
  reader.file().lock->enforce = IsLocked(reader, m, kLockedModes[0]);
}

void LockDurability(FileReader& reader, const YamlMember& m) {
  reader.file().lock->full_durability =
      IsLocked(reader, m, kLockedDurabilities[0]);
}

void LockConfine(FileReader& reader, const YamlMember& m) {
  reader.file().lock->confine = m.value.AsBool().value_or(false);
  if (reader.file().lock->confine) return;
  reader.Add(Fault::kBadValue, m.value.position,
             "\"confine\" can be true only; leave it out");
}

void DryRun(FileReader& reader, const YamlMember& m) {
  const std::string text = reader.values().Text(m);
  reader.file().dry_run_reads = text == kDryRuns[0];
  if (reader.file().dry_run_reads || text.empty()) return;
  reader.Add(Fault::kBadValue, m.value.position,
             "\"dryRun\" can be \"read\" only; leave it out to judge a dry "
             "run as the change that it tries");
}

void Rules(FileReader& reader, const YamlMember& m) { reader.ReadRules(m); }

const FieldRow kFileRows[] = {
    {"apiVersion",
     {FieldPlace::kFile},
     Shape::kChoice,
     "The version of the language.",
     ApiVersion,
     {},
     kApiVersions},
    {"kind",
     {FieldPlace::kFile},
     Shape::kChoice,
     "What the file is.",
     Kind,
     {},
     kKinds},
    {"name",
     {FieldPlace::kFile},
     Shape::kName,
     "The policy's name, in every sentence and record.",
     Name},
    {"description",
     {FieldPlace::kFile},
     Shape::kText,
     "For people.",
     Description},
    {"mode",
     {FieldPlace::kFile},
     Shape::kChoice,
     "enforce, or observe: forward and record what would be refused.",
     FileMode,
     {},
     kModes},
    {"extends",
     {FieldPlace::kFile},
     Shape::kWords,
     "Presets by name, or paths relative to this file.",
     Extends},
    {"scope",
     {FieldPlace::kFile},
     Shape::kMap,
     "A fence: nothing outside it is ever allowed by any rule.",
     Scope,
     FieldPlace::kScope},
    {"protect",
     {FieldPlace::kFile},
     Shape::kAnyPatterns,
     "Namespaces that may be read and that nothing changes; [] for none.",
     Protect},
    {"serverSettings",
     {FieldPlace::kFile},
     Shape::kWords,
     "Variables and flags of the server that run would refuse to start with.",
     ServerSettings},
    {"require",
     {FieldPlace::kFile},
     Shape::kChoices,
     "Settings that an extending policy or --set must give.",
     Require,
     {},
     SettingNames()},
    {"rules",
     {FieldPlace::kFile},
     Shape::kRules,
     "What is allowed, asked and denied: deny > ask > allow, in any order.",
     Rules,
     FieldPlace::kRule},
    {"pin",
     {FieldPlace::kFile},
     Shape::kChoice,
     "record changed definitions of tools, or strict: refuse them until "
     "`gatehouse server pin --accept`.",
     Pin,
     {},
     kPins},
    {"limits", {FieldPlace::kFile}, Shape::kText, ""},
    {"dryRun",
     {FieldPlace::kFile},
     Shape::kChoice,
     "read: a server-side dry run of create, update or patch is a read.",
     DryRun,
     {},
     kDryRuns},
    {"lock",
     {FieldPlace::kFile},
     Shape::kMap,
     "Of a system policy: settings that a user may not have otherwise.",
     Lock,
     FieldPlace::kLock},
    {"mode",
     {FieldPlace::kLock},
     Shape::kChoice,
     "enforce: the user's own policy is enforced too.",
     LockMode,
     {},
     kLockedModes},
    {"durability",
     {FieldPlace::kLock},
     Shape::kChoice,
     "full: every record is on disk before its call leaves.",
     LockDurability,
     {},
     kLockedDurabilities},
    {"confine",
     {FieldPlace::kLock},
     Shape::kTrue,
     "true: no server gets more of the kubeconfig than its session needs.",
     LockConfine},
    {"contexts",
     {FieldPlace::kScope},
     Shape::kPatterns,
     "Kubeconfig contexts; omitted: only the current one at start.",
     ScopeContexts},
    {"namespaces",
     {FieldPlace::kScope},
     Shape::kNamespaces,
     "Namespaces; \"\" is cluster scope, \"*\" every namespace.",
     ScopeNamespaces},
};

}  // namespace

std::span<const FieldRow> FileFields() { return kFileRows; }

}  // namespace gatehouse
