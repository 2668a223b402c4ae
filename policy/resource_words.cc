// SPDX-License-Identifier: Apache-2.0
#include "policy/resource_words.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "policy/fault.h"
#include "policy/issue.h"

namespace gatehouse {
namespace {

// "deployments.apps/scale" cut at its slash and first dot.
struct WordParts {
  std::string type;  // with its group
  std::optional<std::string> subresource;
};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool HasWildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

Error Unknown(std::string sentence) {
  return {ErrorCode::kNotFound, std::move(sentence)};
}

Result<WordParts> Cut(std::string_view word) {
  if (word.starts_with('/')) {
    return Error{ErrorCode::kInvalid,
                 "resources are named by words and globs, not by expressions"};
  }
  const std::size_t slash = word.find('/');
  WordParts parts{std::string(word.substr(0, slash)), std::nullopt};
  if (slash != std::string_view::npos) {
    parts.subresource = Lower(word.substr(slash + 1));
    if (parts.subresource->empty() ||
        parts.subresource->find('/') != std::string::npos) {
      return Error{ErrorCode::kInvalid,
                   "a subresource is written as \"pods/log\""};
    }
  }
  return parts;
}

// v1, v1beta2: a version in TYPE.VERSION.GROUP.
bool IsVersion(std::string_view text) {
  if (text.size() < 2 || text[0] != 'v') return false;
  if (text[1] < '0' || text[1] > '9') return false;
  const std::size_t end = text.find_first_not_of("0123456789", 1);
  if (end == std::string_view::npos) return true;
  const std::string_view rest = text.substr(end);
  return rest.starts_with("alpha") || rest.starts_with("beta");
}

// Nearest among all the ways to spell a type.
std::string Suggest(std::string_view type, const KubernetesTables& tables) {
  std::vector<std::string_view> known;
  for (const ResourceType& resource : tables.resources()) {
    known.push_back(resource.plural);
    known.push_back(resource.kind);
    for (const std::string_view name : resource.short_names)
      known.push_back(name);
  }
  const std::string_view nearest = NearestWord(type, known);
  if (nearest.empty()) return "";
  return "; did you mean \"" + std::string(nearest) + "\"?";
}

bool IsKnownGroup(std::string_view group, const KubernetesTables& tables) {
  const auto resources = tables.resources();
  return group.empty() ||
         std::any_of(resources.begin(), resources.end(),
                     [&](const ResourceType& r) { return r.group == group; });
}

bool IsDnsWord(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), plain);
}

// A custom resource, which no table can know: taken as it stands.
Result<ResourcePattern> Custom(std::string_view written,
                               const KubernetesTables& tables) {
  const std::string type = Lower(written);
  const std::size_t dot = type.find('.');
  if (dot == std::string::npos) {
    return Unknown("unknown resource " + Quoted(written) +
                   (Suggest(written, tables).empty()
                        ? "; a custom resource is written with its group, as "
                          "\"certificates.cert-manager.io\""
                        : Suggest(written, tables)));
  }
  const std::string plural = type.substr(0, dot);
  std::string group = type.substr(dot + 1);
  const std::size_t next = group.find('.');
  if (next != std::string::npos && IsVersion(group.substr(0, next))) {
    group.erase(0, next + 1);
  }
  if (!IsDnsWord(plural) || !IsDnsWord(group) || IsVersion(group) ||
      IsKnownGroup(group, tables)) {
    return Unknown("unknown resource " + Quoted(written) +
                   Suggest(plural, tables));
  }
  ResourcePattern pattern;
  pattern.resource = Pattern::Literal(plural);
  pattern.group = Pattern::Literal(group);
  pattern.exact = true;
  return pattern;
}

Result<ResourcePattern> Glob(std::string_view type) {
  const std::string lower = Lower(type);
  const std::size_t dot = lower.find('.');
  ResourcePattern pattern;
  auto resource = Pattern::Compile(lower.substr(0, dot));
  if (!resource.ok()) return resource.error();
  pattern.resource = std::move(resource).value();
  if (dot != std::string::npos) {
    auto group = Pattern::Compile(lower.substr(dot + 1));
    if (!group.ok()) return group.error();
    pattern.group = std::move(group).value();
  }
  return pattern;
}

std::vector<ResourcePattern> FromTypes(
    const std::vector<const ResourceType*>& types) {
  std::vector<ResourcePattern> patterns;
  for (const ResourceType* type : types) {
    const bool known = std::any_of(patterns.begin(), patterns.end(),
                                   [&](const ResourcePattern& p) {
                                     return p.resource.text() == type->plural &&
                                            p.group->text() == type->group;
                                   });
    if (known) continue;  // another version of the same type
    ResourcePattern pattern;
    pattern.resource = Pattern::Literal(type->plural);
    pattern.group = Pattern::Literal(type->group);
    pattern.built_in = true;
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

Result<std::vector<ResourcePattern>> ResolveType(
    std::string_view type, const KubernetesTables& tables) {
  if (HasWildcard(type)) {
    auto glob = Glob(type);
    if (!glob.ok()) return glob.error();
    return std::vector<ResourcePattern>{std::move(glob).value()};
  }
  std::vector<ResourcePattern> found = FromTypes(tables.Find(type));
  for (ResourcePattern& pattern : found) pattern.exact = true;
  if (found.empty()) found = FromTypes(tables.Category(type));
  if (!found.empty()) return found;
  auto custom = Custom(type, tables);
  if (!custom.ok()) return custom.error();
  return std::vector<ResourcePattern>{std::move(custom).value()};
}

// Refuses "pods/logs", which would otherwise match nothing for ever. Only where
// every type that the word means is known and none has it.
std::optional<Error> CheckSubresource(const WordParts& parts,
                                      const KubernetesTables& tables) {
  const auto types = tables.Find(parts.type);
  if (types.empty() || HasWildcard(*parts.subresource)) return std::nullopt;
  std::vector<std::string_view> known;
  for (const ResourceType* type : types) {
    for (const std::string_view name : type->subresources)
      known.push_back(name);
  }
  if (std::find(known.begin(), known.end(), *parts.subresource) !=
      known.end()) {
    return std::nullopt;
  }
  std::string sentence = "unknown subresource " + Quoted(*parts.subresource) +
                         " of " + Quoted(parts.type);
  const std::string_view nearest = NearestWord(*parts.subresource, known);
  if (!nearest.empty()) {
    sentence +=
        "; did you mean \"" + parts.type + "/" + std::string(nearest) + "\"?";
  }
  return Unknown(std::move(sentence));
}

}  // namespace

Result<std::vector<ResourcePattern>> ResolveResourceWord(
    std::string_view word, const KubernetesTables& tables) {
  if (word.find_first_not_of('*') == std::string_view::npos && !word.empty()) {
    auto every = Glob("*");
    every.value().subresource_match = SubresourceMatch::kEvery;
    return std::vector<ResourcePattern>{std::move(every).value()};
  }
  auto parts = Cut(word);
  if (!parts.ok()) return parts.error();
  auto patterns = ResolveType(parts.value().type, tables);
  if (!patterns.ok() || !parts.value().subresource) return patterns;
  if (auto error = CheckSubresource(parts.value(), tables)) return *error;
  auto subresource = Pattern::Compile(*parts.value().subresource);
  if (!subresource.ok()) return subresource.error();
  for (ResourcePattern& pattern : patterns.value()) {
    pattern.subresource_match = SubresourceMatch::kPattern;
    pattern.subresource = subresource.value();
    pattern.exact = pattern.exact && subresource.value().IsLiteral();
  }
  return patterns;
}

}  // namespace gatehouse
