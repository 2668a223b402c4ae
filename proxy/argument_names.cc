// SPDX-License-Identifier: Apache-2.0
#include "proxy/argument_names.h"

#include <algorithm>
#include <array>

#include "proxy/key_fold.h"

namespace gatehouse {
namespace {

// A server's list is hostile text: what it may make us remember is bounded.
constexpr std::size_t kMaxTools = 2'000;
constexpr std::size_t kMaxNames = 500;
constexpr std::size_t kMaxNameBytes = 256;

// Names that a decision depends on, whatever the tool calls them.
constexpr auto kPolicyNames = std::to_array<std::string_view>(
    {"namespace",    "namespaces", "all_namespaces", "allNamespaces",
     "name",         "names",      "kind",           "apiVersion",
     "resource",     "resources",  "resourceType",   "context",
     "verb",         "command",    "subCommand",     "flags",
     "args",         "manifest",   "kubeconfig",     "fieldSelector",
     "labelSelector"});

std::vector<std::string> NamesOf(const JsonValue& tool) {
  std::vector<std::string> names;
  const JsonValue* schema = Member(tool, "inputSchema");
  const JsonValue* properties =
      schema == nullptr ? nullptr : Member(*schema, "properties");
  if (properties == nullptr) return names;
  for (const auto& [name, property] : Members(*properties)) {
    if (names.size() >= kMaxNames) break;
    if (name.size() <= kMaxNameBytes) names.emplace_back(name);
  }
  return names;
}

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

void ArgumentNames::Learn(const JsonValue& result) {
  const JsonValue* tools = Member(result, "tools");
  if (tools == nullptr) return;
  for (const JsonValue* tool : Elements(*tools)) {
    const auto name = StringMember(*tool, "name");
    if (!name.has_value() || name->size() > kMaxNameBytes) continue;
    if (tools_.size() >= kMaxTools && tools_.find(*name) == tools_.end()) {
      return;
    }
    tools_[std::string(*name)] = NamesOf(*tool);
  }
}

const std::vector<std::string>* ArgumentNames::Find(
    std::string_view tool) const {
  const auto found = tools_.find(tool);
  return found == tools_.end() ? nullptr : &found->second;
}

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
