// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/resource_table.h"

#include <algorithm>
#include <iterator>
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

std::vector<std::string> SplitCommas(std::string_view text) {
  return SplitAt(text, ',');
}

// "short:deploy" or "cluster". False where there is no such field.
bool ReadField(const std::string& field, ResourceType& row) {
  const std::size_t colon = field.find(':');
  const std::string name = field.substr(0, colon);
  if (colon == std::string::npos) {
    row.namespaced = false;
    return name == "cluster";
  }
  const std::string words = field.substr(colon + 1);
  if (name == "short")
    row.short_names = SplitCommas(words);
  else if (name == "sub")
    row.subresources = SplitCommas(words);
  else if (name == "in")
    row.categories = SplitCommas(words);
  else if (name == "verbs")
    row.verbs = SplitCommas(words);
  else if (name == "singular")
    row.singular = words;
  else if (name == "pods")
    row.pods_at = words;
  else
    return false;
  return true;
}

// The rows of one line, one for each version; empty where it is faulty.
std::vector<ResourceType> ReadKind(const std::string& group,
                                   const std::string& line) {
  const std::vector<std::string> words = SplitWords(line);
  if (words.size() < 3) return {};
  ResourceType row;
  row.group = group;
  row.kind = words[0];
  row.plural = words[1];
  row.singular = LowerCase(row.kind);
  row.verbs = UsualVerbs();
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (!ReadField(words[i], row)) return {};
  }
  std::vector<ResourceType> rows;
  std::vector<std::string> versions = SplitCommas(words[2]);
  for (std::size_t i = 0; i < versions.size(); ++i) {
    row.version = std::move(versions[i]);
    if (i + 1 < versions.size()) {
      rows.push_back(row);
    } else {
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::vector<ResourceType> ReadGroup(const YamlMember& group,
                                    const SourceText& source, Issues& issues) {
  const std::string name = group.key == "core" ? "" : group.key;
  std::vector<ResourceType> rows;
  for (const std::string& line : SplitAt(group.value.scalar, '\n')) {
    if (line.empty()) continue;
    std::vector<ResourceType> kind = ReadKind(name, line);
    if (kind.empty()) {
      AddIssue(source, group.position, FaultCode(Fault::kBadValue),
               "not a line of the resource table: " + Quoted(line), issues);
    }
    std::ranges::move(kind, std::back_inserter(rows));
  }
  return rows;
}

// "roles.rbac.authorization.k8s.io" or "pods/exec", with its clause.
SensitiveEntry ReadEntry(const YamlMember& member) {
  SensitiveEntry entry;
  entry.why = member.value.scalar;
  std::string word = member.key;
  const std::size_t slash = word.find('/');
  if (slash != std::string::npos) {
    entry.subresource = word.substr(slash + 1);
    word.resize(slash);
  }
  const std::size_t dot = word.find('.');
  entry.resource = word.substr(0, dot);
  if (dot != std::string::npos) entry.group = word.substr(dot + 1);
  return entry;
}

std::vector<SensitiveEntry> ReadEntries(const YamlNode& map,
                                        const SourceText& source,
                                        Issues& issues) {
  std::vector<SensitiveEntry> entries;
  for (const YamlMember& member : map.members) {
    if (member.value.kind != NodeKind::kScalar) {
      AddIssue(source, member.position, FaultCode(Fault::kWrongType),
               "expected a clause that says why", issues);
    }
    entries.push_back(ReadEntry(member));
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
    std::vector<ResourceType> read = ReadGroup(group, source, issues);
    std::ranges::move(read, std::back_inserter(rows));
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
