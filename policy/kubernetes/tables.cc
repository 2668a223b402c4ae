// SPDX-License-Identifier: Apache-2.0
// The embedded tables and how kubectl looks a resource word up in them.
#include "policy/kubernetes/tables.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <iterator>
#include <mutex>

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
  return EmbeddedSource(path).value_or(SourceText{});
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
         type.short_names.Has(word);
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

// A group that answers only by name: its kinds moved elsewhere long ago. A
// version alone ("networkpolicies.v1beta1.") is unclear: rules that say
// networkpolicies are not about this group.
constexpr std::string_view kLegacyGroup = "extensions";

using Candidates = std::vector<const ResourceType*>;

// Rows by plural, singular, short name and kind: each call looks words up.
// Slots by hash, of which the one of a name is the first of those that may hold
// it; rows of one name stand in them in their order.
class NameIndex {
 public:
  void Add(const std::vector<ResourceType>& rows) {
    std::size_t names = 0;
    for (const ResourceType& row : rows) {
      names += 3 + static_cast<std::size_t>(std::distance(
                       row.short_names.begin(), row.short_names.end()));
    }
    slots_.assign(std::bit_ceil(2 * names + 1), nullptr);
    for (const ResourceType& row : rows) {
      AddName(row.plural, row);
      AddName(row.singular, row);
      for (const std::string_view name : row.short_names) AddName(name, row);
      const std::string kind = LowerCase(row.kind);
      if (kind != row.singular) AddName(kind, row);
    }
  }

  // Calls `visit` with each row that may have this name, in their order; some
  // rows more than once.
  template <typename Visit>
  void ForEach(std::string_view name, Visit visit) const {
    for (std::size_t at = HomeOf(name); slots_[at] != nullptr; at = After(at)) {
      visit(*slots_[at]);
    }
  }

 private:
  std::size_t HomeOf(std::string_view name) const {
    return std::hash<std::string_view>()(name) & (slots_.size() - 1);
  }
  std::size_t After(std::size_t at) const {
    return (at + 1) & (slots_.size() - 1);
  }
  void AddName(std::string_view name, const ResourceType& row) {
    std::size_t at = HomeOf(name);
    while (slots_[at] != nullptr) at = After(at);
    slots_[at] = &row;
  }

  std::vector<const ResourceType*> slots_;  // more than half of them nullptr
};

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

Candidates Collect(const NameIndex& types, const Word& word,
                   const Lookup& lookup) {
  Candidates found;
  types.ForEach(word.type, [&](const ResourceType& type) {
    if (!word.has_group && type.group == kLegacyGroup) return;
    if (!word.version.empty() && type.version != word.version) return;
    if (!GroupFits(type, word, lookup.match)) return;
    if (!lookup.names(type, word.type) || IsListed(found, type)) return;
    found.push_back(&type);
  });
  return found;
}

// kubectl: resources before kinds, exact groups before prefixes ("roles.rbac").
// With a version the group must be exact.
Candidates Resolve(const NameIndex& types, const Word& word) {
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
  NameIndex by_name;
};

KubernetesTables::KubernetesTables() : lazy_(std::make_unique<Lazy>()) {
  Issues issues;
  resources_ = ReadResourceTable(Source(kResourcesPath), issues);
  sensitive_ = ReadSensitive(Source(kSensitivePath), issues);
  AbortOnError(issues);
  lazy_->by_name.Add(resources_);
}

KubernetesTables::~KubernetesTables() = default;

std::shared_ptr<const KubernetesTables> KubernetesTables::Embedded() {
  return std::make_shared<const KubernetesTables>();
}

Candidates KubernetesTables::Find(std::string_view word) const {
  const std::string lower = LowerCase(word);
  if (const std::optional<Word> parsed = ParseVersionForm(lower)) {
    Candidates found = Resolve(lazy_->by_name, *parsed);
    if (!found.empty()) return found;
  }
  const Word parsed = ParseGroupForm(lower);
  return Resolve(lazy_->by_name, parsed);
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
    if (type.group == kLegacyGroup || !type.categories.Has(word)) continue;
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
