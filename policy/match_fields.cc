// SPDX-License-Identifier: Apache-2.0
// The fields that say what a rule, or its `unless`, is about; and those of
// `who`.
#include "policy/file_reader.h"

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

void Who(FileReader& reader, const YamlMember& m) {
  reader.match().who.emplace().position = m.position;
  if (!reader.ReadMap(m, Place::kWho)) reader.match().who.reset();
}

constexpr Places kMatch = {Place::kRule, Place::kUnless};

const FieldRow kRows[] = {
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
    {"who", kMatch, Shape::kMap, "Who asks; every list given must match.", Who,
     Place::kWho},
    {"when", kMatch, Shape::kText, ""},
    {"podSecurity", kMatch, Shape::kText, ""},
    {"methods", kMatch, Shape::kText, ""},
    {"uris", kMatch, Shape::kText, ""},
    {"prompts", kMatch, Shape::kText, ""},
    {"users",
     {Place::kWho},
     Shape::kPatterns,
     "Of the operating system, verified.",
     WhoGlobs<&WhoFields::users>},
    {"groups",
     {Place::kWho},
     Shape::kPatterns,
     "Of the operating system, verified.",
     WhoGlobs<&WhoFields::groups>},
    {"kubeUsers",
     {Place::kWho},
     Shape::kPatterns,
     "From the kubeconfig.",
     WhoGlobs<&WhoFields::kube_users>},
    {"clients",
     {Place::kWho},
     Shape::kPatterns,
     "What the client says of itself: never the only ground of an allow.",
     WhoGlobs<&WhoFields::clients>},
};

}  // namespace

std::span<const FieldRow> MatchFieldRows() { return kRows; }

}  // namespace gatehouse
