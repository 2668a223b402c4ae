// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/resource_table.h"

#include <string>
#include <utility>

#include "policy/kubernetes/fields.h"

namespace gatehouse {
namespace {

// What a row has where the file does not say otherwise.
const std::vector<std::string>& UsualVerbs() {
  static const std::vector<std::string> verbs = {
      "create", "delete", "deletecollection", "get",
      "list",   "patch",  "update",           "watch"};
  return verbs;
}

// The one document of a data file, or an issue.
const YamlNode* OnlyMap(const std::vector<YamlNode>& documents,
                        const SourceText& source, Issues& issues) {
  if (documents.size() == 1 && documents[0].kind == NodeKind::kMap) {
    return &documents[0];
  }
  AddIssue(source, Position{1, 1, 0}, FaultCode(Fault::kNotOneDocument),
           "expected one document with a map", issues);
  return nullptr;
}

// One row for each version of the kind that `node` describes.
std::vector<ResourceType> ReadKind(const std::string& group,
                                   const YamlNode& node,
                                   const SourceText& source, Issues& issues) {
  Fields fields(node, source, issues);
  ResourceType row;
  row.group = group;
  row.kind = fields.RequireText("kind").value_or("");
  row.plural = fields.RequireText("plural").value_or("");
  row.singular = fields.Text("singular").value_or(LowerCase(row.kind));
  row.short_names = fields.Words("short");
  row.subresources = fields.Words("sub");
  row.categories = fields.Words("in");
  row.verbs = fields.Words("verbs");
  if (row.verbs.empty()) row.verbs = UsualVerbs();
  row.namespaced = fields.Text("scope").value_or("") != "cluster";
  fields.Require("versions");
  std::vector<ResourceType> rows;
  for (std::string& version : fields.Words("versions")) {
    row.version = std::move(version);
    rows.push_back(row);
  }
  fields.Finish();
  return rows;
}

std::vector<SensitiveEntry> ReadEntries(const YamlNode& list,
                                        const SourceText& source,
                                        Issues& issues) {
  std::vector<SensitiveEntry> entries;
  for (const YamlNode& node : list.items) {
    Fields fields(node, source, issues);
    SensitiveEntry entry;
    entry.group = fields.Text("group").value_or("");
    entry.why = fields.RequireText("why").value_or("");
    const std::string word = fields.RequireText("resource").value_or("");
    const std::size_t slash = word.find('/');
    entry.resource = word.substr(0, slash);
    if (slash != std::string::npos) entry.subresource = word.substr(slash + 1);
    fields.Finish();
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

std::vector<ResourceType> ReadResourceTable(const SourceText& source,
                                            Issues& issues) {
  std::vector<ResourceType> rows;
  const std::vector<YamlNode> documents = ReadYaml(source, issues);
  const YamlNode* groups = OnlyMap(documents, source, issues);
  if (groups == nullptr) return rows;
  for (const YamlMember& group : groups->members) {
    const std::string name = group.key == "core" ? "" : group.key;
    for (const YamlNode& node : group.value.items) {
      for (ResourceType& row : ReadKind(name, node, source, issues)) {
        rows.push_back(std::move(row));
      }
    }
  }
  return rows;
}

std::vector<SensitiveEntry> ReadSensitive(const SourceText& source,
                                          Issues& issues) {
  std::vector<SensitiveEntry> entries;
  const std::vector<YamlNode> documents = ReadYaml(source, issues);
  const YamlNode* map = OnlyMap(documents, source, issues);
  if (map == nullptr) return entries;
  Fields fields(*map, source, issues);
  if (const YamlNode* any = fields.Require("any")) {
    entries = ReadEntries(*any, source, issues);
  }
  if (const YamlNode* write = fields.Require("write")) {
    for (SensitiveEntry& entry : ReadEntries(*write, source, issues)) {
      entry.writes_only = true;
      entries.push_back(std::move(entry));
    }
  }
  fields.Finish();
  return entries;
}

}  // namespace gatehouse
