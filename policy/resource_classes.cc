// SPDX-License-Identifier: Apache-2.0
// Which resources two policies tell apart. A class is known by how every
// resource word of both meets it, and by what else depends on the resource:
// its scope, and whether it is sensitive.
#include <algorithm>

#include "policy/resource_match.h"
#include "policy/space_builder.h"

namespace gatehouse {
namespace {

constexpr VerbSet kEveryVerb = ~VerbSet{0};

std::string Mark(Truth truth) {
  return truth == Truth::kTrue ? "t" : truth == Truth::kFalse ? "f" : "u";
}

Request Named(std::optional<std::string> group,
              std::optional<std::string> resource,
              std::optional<std::string> subresource) {
  Request request;
  request.group = std::move(group);
  request.resource = std::move(resource);
  request.subresource = std::move(subresource);
  return request;
}

std::string NameOf(const Request& request) {
  std::string name = request.resource.value_or("unknown type");
  if (request.resource && request.group && !request.group->empty()) {
    name += "." + *request.group;
  } else if (!request.resource && request.group) {
    name += " of " + (request.group->empty() ? "core" : *request.group);
  }
  const std::string sub = request.subresource.value_or("(unknown)");
  return sub.empty() ? name : name + "/" + sub;
}

std::string CustomName(const std::string& word,
                       const std::optional<std::string>& group) {
  return (word.empty() ? "custom types listed by a category" : word) +
         (group ? "." + *group : " of an unknown group");
}

}  // namespace

ResourceClasses::ResourceClasses(const CompiledPolicy& policy,
                                 const MatchedPatterns& patterns)
    : policy_(policy), patterns_(patterns) {
  Patterns groups;
  Patterns resources;
  for (const ResourcePattern& pattern : patterns.resources) {
    resources.push_back(pattern.resource);
    if (pattern.group) groups.push_back(*pattern.group);
    if (pattern.subresource_match == SubresourceMatch::kPattern &&
        pattern.subresource.IsLiteral()) {
      subresources_.insert(pattern.subresource.text());
    }
  }
  const ValueClasses group_classes(groups, ValueKind::kText);
  const ValueClasses resource_classes(resources, ValueKind::kText);
  exact_ = group_classes.exact() && resource_classes.exact();
  groups_ = group_classes.values();
  groups_.emplace_back();  // the core group
  resources_ = resource_classes.values();
  AddTable();
  AddNamed();
  AddUnknown();
  AddOthers();
}

// The plural alone where it means this type first, as can-i writes it.
void ResourceClasses::AddTable() {
  for (const ResourceType& type : policy_.tables->resources()) {
    // Gone since Kubernetes 1.22; its types live on in other groups.
    if (type.group == "extensions") continue;
    std::set<std::string> subresources = subresources_;
    subresources.insert(type.subresources.begin(), type.subresources.end());
    subresources.insert("");
    const auto found = policy_.tables->Find(type.plural);
    const bool first = !found.empty() && found.front()->group == type.group;
    for (const std::string& subresource : subresources) {
      Item item;
      item.sample = Named(type.group, type.plural, subresource);
      item.name = first ? type.plural : type.plural + "." + type.group;
      if (!subresource.empty()) item.name += "/" + subresource;
      item.odd = !subresource.empty() && !type.subresources.Has(subresource);
      item.kind =
          type.namespaced ? Item::Kind::kNamespaced : Item::Kind::kCluster;
      Add(std::move(item));
    }
    Item vague;
    vague.odd = true;
    vague.sample = Named(type.group, type.plural, std::nullopt);
    vague.name = NameOf(vague.sample);
    vague.kind =
        type.namespaced ? Item::Kind::kNamespaced : Item::Kind::kCluster;
    Add(std::move(vague));
  }
}

// Not known, none, one that nobody names, and those that somebody does.
std::vector<std::optional<std::string>> ResourceClasses::Subresources() const {
  std::vector<std::optional<std::string>> all = {std::nullopt, "", "x"};
  all.insert(all.end(), subresources_.begin(), subresources_.end());
  return all;
}

bool ResourceClasses::IsInTable(std::string_view group,
                                std::string_view resource) const {
  return std::ranges::any_of(
      policy_.tables->resources(), [&](const ResourceType& type) {
        return type.group == group && type.plural == resource;
      });
}

// What is not in the table: as a profile names it, and as a custom type.
void ResourceClasses::AddNamed() {
  for (const std::string& resource : resources_) {
    for (const std::string& group : groups_) {
      if (IsInTable(group, resource)) continue;
      for (const auto& subresource : Subresources()) {
        Item item;
        item.sample = Named(group, resource, subresource);
        item.name = NameOf(item.sample);
        item.odd = subresource != "";
        Add(std::move(item));
      }
    }
  }
  std::vector<std::string> words = resources_;
  words.emplace_back();
  std::vector<std::optional<std::string>> groups(groups_.begin(),
                                                 groups_.end());
  groups.back() = std::nullopt;  // the core group has no custom types
  for (const std::string& word : words) {
    for (const std::optional<std::string>& group : groups) {
      Item item;
      item.sample = Named(group, std::nullopt, "");
      item.sample.custom = CustomType{word, std::nullopt};
      item.name = CustomName(word, group);
      item.kind = Item::Kind::kCustom;
      Add(std::move(item));
    }
  }
}

void ResourceClasses::AddUnknown() {
  std::vector<std::optional<std::string>> groups = {std::nullopt};
  for (const ResourceType& type : policy_.tables->resources()) {
    groups.emplace_back(type.group);
  }
  groups.insert(groups.end(), groups_.begin(), groups_.end());
  for (const auto& group : groups) {
    for (const auto& subresource : Subresources()) {
      Item item;
      item.sample = Named(group, std::nullopt, subresource);
      item.name = NameOf(item.sample);
      item.odd = true;
      item.kind = Item::Kind::kUnknown;
      Add(std::move(item));
    }
  }
}

void ResourceClasses::AddOthers() {
  Item plain;
  plain.sample = Named("", "", "");
  plain.name = "(no object)";
  plain.kind = Item::Kind::kPlain;
  Add(std::move(plain));
  Item opaque;
  opaque.name = "(whatever it is)";
  opaque.kind = Item::Kind::kOpaque;
  Add(std::move(opaque));
  Item chart;
  chart.sample.helm = HelmPart::kChart;
  chart.name = "what a helm chart holds";
  chart.kind = Item::Kind::kChart;
  Add(std::move(chart));
  Item release;
  release.sample = Named("", "secrets", "");
  release.sample.helm = HelmPart::kRelease;
  release.name = "helm releases";
  Add(std::move(release));
}

void ResourceClasses::Add(Item item) {
  const auto [found, fresh] =
      by_signature_.emplace(SignatureOf(item), classes_.size());
  if (fresh) classes_.emplace_back();
  std::vector<Item>& items = classes_[found->second];
  const bool known = std::ranges::any_of(
      items, [&](const Item& each) { return each.name == item.name; });
  if (!known) items.push_back(std::move(item));
}

std::size_t ResourceClasses::Find(const Item& item) const {
  const auto found = by_signature_.find(SignatureOf(item));
  return found == by_signature_.end() ? classes_.size() : found->second;
}

std::string ResourceClasses::SignatureOf(const Item& item) const {
  Request request = item.sample;
  std::string signature = std::to_string(static_cast<int>(item.kind)) +
                          std::string(HelmPartName(request.helm)) +
                          (IsNamespaceObject(request) ? "n" : "-") +
                          (request.resource ? "r" : "-") +
                          (request.group ? "g" : "-") +
                          (request.subresource ? "s" : "-");
  // What a category lists has a scope of its own.
  if (request.custom && request.custom->word.empty()) signature += "c";
  for (const Verb verb :
       {Verb::kGet, Verb::kCreate, Verb::kExec, Verb::kForward}) {
    request.verb = verb;
    for (const ResourcePattern& pattern : patterns_.resources) {
      signature += Mark(MatchResource(pattern, request, 0));
      signature += Mark(MatchResource(pattern, request, kEveryVerb));
    }
    CompiledRule grant;
    grant.effect = Effect::kAllow;
    signature += Mark(CoversSensitive(policy_, grant, request));
    grant.named_verbs = kEveryVerb;
    signature += Mark(CoversSensitive(policy_, grant, request));
  }
  return signature;
}

}  // namespace gatehouse
