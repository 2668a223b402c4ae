// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/type_verbs.h"

namespace gatehouse {
namespace {

constexpr Verb kRead[] = {Verb::kGet};
constexpr Verb kCreate[] = {Verb::kCreate};
constexpr Verb kReadAndChange[] = {Verb::kGet, Verb::kUpdate, Verb::kPatch};

struct SubresourceRow {
  std::string_view name;
  std::span<const Verb> verbs;
};
constexpr SubresourceRow kRows[] = {
    {"log", kRead},       {"status", kReadAndChange},
    {"token", kCreate},   {"scale", kReadAndChange},
    {"binding", kCreate}, {"eviction", kCreate},
};

}  // namespace

std::vector<Verb> VerbsOf(const ResourceType& type) {
  std::vector<Verb> verbs;
  for (const std::string_view name : type.verbs) {
    if (const auto verb = VerbFromName(name)) verbs.push_back(*verb);
  }
  if (verbs.empty()) verbs.assign(kObjectVerbs.begin(), kObjectVerbs.end());
  return verbs;
}

std::span<const Verb> VerbsOfSubresource(std::string_view name) {
  for (const SubresourceRow& row : kRows) {
    if (row.name == name) return row.verbs;
  }
  return {};
}

}  // namespace gatehouse
