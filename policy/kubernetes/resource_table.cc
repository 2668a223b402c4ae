// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/resource_table.h"

#include <string>
#include <utility>

#include "policy/kubernetes/fields.h"

namespace gatehouse {
namespace {

// What a row has where the file does not say otherwise.
constexpr std::string_view kUsualVerbs =
    "create,delete,deletecollection,get,list,patch,update,watch";

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

// "a,b", but not "a,,b" or "".
bool IsList(std::string_view text) {
  return !text.empty() && text.front() != ',' && text.back() != ',' &&
         text.find(",,") == std::string_view::npos;
}

bool ReadList(std::string_view text, CommaWords& list) {
  list = CommaWords(std::string(text));
  return IsList(text);
}

// "short:deploy" or "cluster". False where there is no such field.
bool ReadField(std::string_view field, ResourceType& row) {
  const std::string_view name = TakeWord(field, ':');
  if (name == "cluster") {
    row.namespaced = false;
    return field.empty();
  }
  if (name == "short") return ReadList(field, row.short_names);
  if (name == "sub") return ReadList(field, row.subresources);
  if (name == "in") return ReadList(field, row.categories);
  if (name == "verbs") return ReadList(field, row.verbs);
  if (name == "singular") row.singular = field;
  if (name == "pods") row.pods_at = field;
  return name == "singular" || name == "pods";
}

// Adds the rows of one line, one for each version. False where it is faulty.
bool ReadKind(std::string_view group, std::string_view line,
              std::vector<ResourceType>& rows) {
  ResourceType row;
  row.group = group;
  row.kind = TakeWord(line, ' ');
  row.plural = TakeWord(line, ' ');
  std::string_view versions = TakeWord(line, ' ');
  if (row.kind.empty() || row.plural.empty() || !IsList(versions)) return false;
  row.singular = LowerCase(row.kind);
  row.verbs = CommaWords(std::string(kUsualVerbs));
  while (!line.empty()) {
    if (!ReadField(TakeWord(line, ' '), row)) return false;
  }
  row.version = TakeWord(versions, ',');
  while (!versions.empty()) {
    rows.push_back(row);
    row.version = TakeWord(versions, ',');
  }
  rows.push_back(std::move(row));
  return true;
}

void ReadGroup(const YamlMember& group, const SourceText& source,
               Issues& issues, std::vector<ResourceType>& rows) {
  std::string_view name = group.key;
  if (name == "core") name = "";
  std::string_view lines = group.value.scalar;
  while (!lines.empty()) {
    const std::string_view line = TakeWord(lines, '\n');
    if (line.empty() || ReadKind(name, line, rows)) continue;
    AddIssue(source, group.position, FaultCode(Fault::kBadValue),
             "not a line of the resource table: " + Quoted(line), issues);
  }
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
  // Of this many the table of today has a few less.
  constexpr std::size_t kRows = 192;
  std::vector<ResourceType> rows;
  const std::vector<YamlNode> documents = ReadYaml(source, issues);
  const YamlNode* groups = OnlyMap(documents, source, issues);
  if (groups == nullptr) return rows;
  rows.reserve(kRows);
  for (const YamlMember& group : groups->members) {
    ReadGroup(group, source, issues, rows);
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
