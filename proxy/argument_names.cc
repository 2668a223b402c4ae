// SPDX-License-Identifier: Apache-2.0
#include "proxy/argument_names.h"

#include <algorithm>
#include <array>

#include "policy/json_value.h"
#include "proxy/key_fold.h"

namespace gatehouse {
namespace {

// Names that a decision depends on, whatever the tool calls them.
constexpr auto kPolicyNames = std::to_array<std::string_view>(
    {"namespace",    "namespaces", "all_namespaces", "allNamespaces",
     "name",         "names",      "kind",           "apiVersion",
     "resource",     "resources",  "resourceType",   "context",
     "verb",         "command",    "subCommand",     "flags",
     "args",         "manifest",   "kubeconfig",     "fieldSelector",
     "labelSelector"});

bool Contains(const std::vector<std::string>* names, std::string_view name) {
  return names != nullptr &&
         std::find(names->begin(), names->end(), name) != names->end();
}

bool Resembles(std::string_view key, const std::vector<std::string>* declared) {
  if (!FoldsOnto(key, kPolicyNames).empty()) return true;
  if (declared == nullptr) return false;
  const std::string folded = FoldKey(key);
  return std::any_of(
      declared->begin(), declared->end(),
      [&folded](const std::string& name) { return FoldKey(name) == folded; });
}

}  // namespace

std::vector<std::string_view> FindLookalikes(
    const JsonValue& arguments, const std::vector<std::string>* declared) {
  std::vector<std::string_view> result;
  for (const auto& [key, value] : Members(arguments)) {
    if (!Contains(declared, key) && Resembles(key, declared)) {
      result.push_back(key);
    }
  }
  return result;
}

}  // namespace gatehouse
