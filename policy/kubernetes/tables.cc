// SPDX-License-Identifier: Apache-2.0
// The embedded tables and how kubectl looks a resource word up in them.
#include "policy/kubernetes/tables.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <unordered_map>

#include "policy/embedded.h"
#include "policy/kubernetes/command_table.h"
#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/resource_table.h"

namespace gatehouse {
namespace {

constexpr std::string_view kResourcesPath = "kubernetes/resources.yaml";
constexpr std::string_view kSensitivePath = "kubernetes/sensitive.yaml";
constexpr std::string_view kKubectlPath = "kubernetes/kubectl.yaml";
constexpr std::string_view kHelmPath = "kubernetes/helm.yaml";

SourceText Source(std::string_view path) {
  return {"rules/" + std::string(path),
          std::string(EmbeddedText(path).value_or(""))};
}

// A fault in the build's own data: tests read it first, so this is a bug.
void AbortOnError(const Issues& issues) {
  if (!issues.HasErrors()) return;
  for (const Issue& issue : issues.items()) {
    std::fputs((Render(issue) + "\n").c_str(), stderr);
  }
  std::abort();
}

bool Contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// A resource word taken apart as kubectl's ParseResourceArg does.
struct Word {
  std::string type;
  std::string group;    // "" with has_group false: any
  std::string version;  // "": any
  bool has_group = false;
};

Word ParseGroupForm(const std::string& text) {
  Word word;
  const std::size_t dot = text.find('.');
  word.type = text.substr(0, dot);
  if (dot == std::string::npos) return word;
  word.group = text.substr(dot + 1);
  // kubectl takes an empty group as "any".
  word.has_group = !word.group.empty();
  return word;
}

std::optional<Word> ParseVersionForm(const std::string& text) {
  const std::size_t first = text.find('.');
  if (first == std::string::npos) return std::nullopt;
  const std::size_t second = text.find('.', first + 1);
  if (second == std::string::npos) return std::nullopt;
  Word word;
  word.type = text.substr(0, first);
  word.version = text.substr(first + 1, second - first - 1);
  word.group = text.substr(second + 1);
  word.has_group = !word.group.empty();
  return word;
}

bool NamesResource(const ResourceType& type, const std::string& word) {
  return type.plural == word || type.singular == word ||
         Contains(type.short_names, word);
}

bool NamesKind(const ResourceType& type, const std::string& word) {
  return LowerCase(type.kind) == word;
}

enum class GroupMatch { kExact, kPrefix };

bool GroupFits(const ResourceType& type, const Word& word, GroupMatch match) {
  if (!word.has_group) return true;
  return match == GroupMatch::kExact ? type.group == word.group
                                     : type.group.starts_with(word.group);
}

// A group that answers only by name: its kinds moved elsewhere long ago.
constexpr std::string_view kLegacyGroup = "extensions";

using Candidates = std::vector<const ResourceType*>;

bool IsListed(const Candidates& found, const ResourceType& type) {
  return std::any_of(found.begin(), found.end(), [&](const ResourceType* f) {
    return f->group == type.group && f->plural == type.plural;
  });
}

// One way to look a word up; the first that finds anything decides.
struct Lookup {
  bool (*names)(const ResourceType&, const std::string&);
  GroupMatch match;
};

Candidates Collect(std::span<const ResourceType* const> types, const Word& word,
                   const Lookup& lookup) {
  Candidates found;
  for (const ResourceType* row : types) {
    const ResourceType& type = *row;
    if (!word.has_group && type.group == kLegacyGroup) continue;
    if (!word.version.empty() && type.version != word.version) continue;
    if (!GroupFits(type, word, lookup.match)) continue;
    if (!lookup.names(type, word.type) || IsListed(found, type)) continue;
    found.push_back(&type);
  }
  return found;
}

// kubectl: resources before kinds, exact groups before prefixes ("roles.rbac").
// With a version the group must be exact.
Candidates Resolve(std::span<const ResourceType* const> types,
                   const Word& word) {
  for (const Lookup& lookup : {Lookup{NamesResource, GroupMatch::kExact},
                               Lookup{NamesResource, GroupMatch::kPrefix},
                               Lookup{NamesKind, GroupMatch::kExact}}) {
    const bool prefix = lookup.match == GroupMatch::kPrefix;
    if (prefix && (!word.has_group || !word.version.empty())) continue;
    Candidates found = Collect(types, word, lookup);
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace

// One table, read when it is first asked for.
struct LazyTable {
  std::once_flag once;
  std::unique_ptr<const CommandTable> table;

  const CommandTable& Get(std::string_view path) {
    std::call_once(once, [&] {
      Issues issues;
      table = std::make_unique<const CommandTable>(Source(path), issues);
      AbortOnError(issues);
    });
    return *table;
  }
};

struct KubernetesTables::Lazy {
  LazyTable kubectl;
  LazyTable helm;
  // Rows by plural, singular, short name and kind, in their order: each call
  // looks words up.
  std::unordered_map<std::string, Candidates> by_name;

  std::span<const ResourceType* const> Named(const std::string& name) const {
    const auto found = by_name.find(name);
    if (found == by_name.end()) return {};
    return found->second;
  }
};

KubernetesTables::KubernetesTables() : lazy_(std::make_unique<Lazy>()) {
  Issues issues;
  resources_ = ReadResourceTable(Source(kResourcesPath), issues);
  sensitive_ = ReadSensitive(Source(kSensitivePath), issues);
  AbortOnError(issues);
  for (const ResourceType& type : resources_) {
    std::vector<std::string> names = type.short_names;
    names.insert(names.end(),
                 {type.plural, type.singular, LowerCase(type.kind)});
    for (const std::string& name : names) {
      Candidates& rows = lazy_->by_name[name];
      if (rows.empty() || rows.back() != &type) rows.push_back(&type);
    }
  }
}

KubernetesTables::~KubernetesTables() = default;

std::shared_ptr<const KubernetesTables> KubernetesTables::Embedded() {
  return std::make_shared<const KubernetesTables>();
}

Candidates KubernetesTables::Find(std::string_view word) const {
  const std::string lower = LowerCase(word);
  if (const std::optional<Word> parsed = ParseVersionForm(lower)) {
    Candidates found = Resolve(lazy_->Named(parsed->type), *parsed);
    if (!found.empty()) return found;
  }
  const Word parsed = ParseGroupForm(lower);
  return Resolve(lazy_->Named(parsed.type), parsed);
}

const ResourceType* KubernetesTables::FindKind(std::string_view api_version,
                                               std::string_view kind) const {
  const std::size_t slash = api_version.find('/');
  const bool core = slash == std::string_view::npos;
  const std::string_view group = core ? "" : api_version.substr(0, slash);
  const std::string_view version =
      core ? api_version : api_version.substr(slash + 1);
  for (const ResourceType& type : resources_) {
    if (type.kind == kind && type.group == group && type.version == version) {
      return &type;
    }
  }
  return nullptr;
}

Candidates KubernetesTables::Category(std::string_view word) const {
  Candidates found;
  for (const ResourceType& type : resources_) {
    if (type.group == kLegacyGroup || !Contains(type.categories, word))
      continue;
    if (!IsListed(found, type)) found.push_back(&type);
  }
  return found;
}

bool KubernetesTables::IsBuiltInGroup(std::string_view group) const {
  return std::any_of(
      resources_.begin(), resources_.end(),
      [&](const ResourceType& type) { return type.group == group; });
}

const SensitiveEntry* KubernetesTables::FindSensitive(
    std::string_view group, std::string_view resource,
    std::string_view subresource) const {
  for (const SensitiveEntry& entry : sensitive_) {
    if (entry.resource == resource && entry.subresource == subresource &&
        entry.group == group) {
      return &entry;
    }
  }
  return nullptr;
}

const CommandTable& KubernetesTables::kubectl() const {
  return lazy_->kubectl.Get(kKubectlPath);
}

const CommandTable& KubernetesTables::helm() const {
  return lazy_->helm.Get(kHelmPath);
}

}  // namespace gatehouse
