// SPDX-License-Identifier: Apache-2.0
// The walk through a file. What each field means to the reader stands in its
// row (file_fields.cc, rule_fields.cc, match_fields.cc).
#include "policy/rule_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "policy/file_reader.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxId = 63;

std::vector<std::string_view> NamesAt(FieldPlace place) {
  std::vector<std::string_view> names;
  for (const std::span<const FieldRow> table : FieldTables()) {
    for (const FieldRow& row : table) {
      if (row.places.Has(place)) names.push_back(row.name);
    }
  }
  return names;
}

}  // namespace

bool IsId(std::string_view text) {
  const auto inner = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= kMaxId && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), inner);
}

RuleFile FileReader::Read() {
  Issues yaml;
  const std::vector<YamlNode> documents = ReadYaml(file_.source, yaml);
  for (const Issue& issue : yaml.items()) issues_.Add(issue);
  // The trees of a text with YAML faults may not be used.
  if (yaml.HasErrors()) return std::move(file_);
  if (documents.size() != 1 || documents[0].kind != NodeKind::kMap) {
    const Position at =
        documents.size() > 1 ? documents[1].position : Position{1, 1, 1};
    Add(Fault::kNotOneDocument, at,
        "a policy is one YAML map, beginning with \"apiVersion: " +
            std::string(kApiVersion) + "\"");
    return std::move(file_);
  }
  const YamlNode& root = documents[0];
  ReadFields(root, FieldPlace::kFile);
  RequireField(root, "apiVersion", "apiVersion: gatehouse/v1");
  RequireField(root, "kind", "kind: Policy");
  RequireField(root, "name", "name: my-policy");
  if (root.Find("rules") == nullptr && file_.extends.empty()) {
    Add(Fault::kMissingField, {root.position.line, root.position.column, 1},
        "the policy has no \"rules\" and extends nothing, so it would refuse "
        "everything");
  }
  return std::move(file_);
}

void FileReader::ReadFields(const YamlNode& node, FieldPlace place) {
  for (const YamlMember& member : node.members) {
    const FieldRow* row = FindField(place, member.key);
    if (row == nullptr) {
      Unknown(member, place);
    } else if (row->read == nullptr) {
      Add(Fault::kNotYet, member.position,
          "\"" + member.key + "\" is not yet supported in this version");
    } else {
      row->read(*this, member);
    }
  }
}

void FileReader::Unknown(const YamlMember& member, FieldPlace place) {
  std::string message = "unknown field " + Quoted(member.key) + values_.place();
  const std::string_view nearest = NearestWord(member.key, NamesAt(place));
  if (!nearest.empty()) {
    message += "; did you mean \"" + std::string(nearest) + "\"?";
  }
  Add(Fault::kUnknownField, member.position, std::move(message));
}

bool FileReader::ReadMap(const YamlMember& member, FieldPlace inside) {
  if (member.value.kind != NodeKind::kMap || member.value.members.empty()) {
    Add(Fault::kWrongType, member.position,
        "\"" + member.key + "\" takes a map of fields, not " +
            (member.value.kind == NodeKind::kMap
                 ? "an empty one"
                 : std::string(KindWord(member.value))));
    return false;
  }
  ReadFields(member.value, inside);
  return true;
}

void FileReader::ReadMatch(const YamlMember& member, MatchFields& fields) {
  MatchFields* const outer = std::exchange(match_, &fields);
  ReadMap(member, FieldPlace::kUnless);
  match_ = outer;
}

void FileReader::RequireField(const YamlNode& node, std::string_view key,
                              std::string_view hint) {
  if (node.Find(key) != nullptr) return;
  Add(Fault::kMissingField, {node.position.line, node.position.column, 1},
      "the policy has no \"" + std::string(key) + "\"; write \"" +
          std::string(hint) + "\"");
}

void FileReader::ReadRules(const YamlMember& member) {
  if (member.value.kind != NodeKind::kList) {
    Add(Fault::kWrongType, member.position,
        "\"rules\" takes a list of rules, not " +
            std::string(KindWord(member.value)));
    return;
  }
  if (member.value.items.empty()) {
    Add(Fault::kEmpty, member.position, "\"rules\" is an empty list");
  }
  file_.rules.reserve(member.value.items.size());
  for (const YamlNode& node : member.value.items) ReadRule(node);
}

void FileReader::ReadRule(const YamlNode& node) {
  if (node.kind != NodeKind::kMap || node.members.empty()) {
    Add(Fault::kWrongType, node.position,
        "a rule is a map of fields, not " + std::string(KindWord(node)));
    return;
  }
  Rule rule;
  rule.position = node.position;
  rule_ = &rule;
  match_ = &rule.match;
  const YamlNode* id = node.Find("id");
  values_.SetPlace(id != nullptr && id->kind == NodeKind::kScalar
                       ? " in rule " + Quoted(id->scalar)
                       : " in a rule");
  ReadFields(node, FieldPlace::kRule);
  CheckRule(node, rule, values_);
  rule_ = nullptr;
  match_ = nullptr;
  values_.SetPlace("");
  file_.rules.push_back(std::move(rule));
}

RuleFile ReadRules(const SourceText& source, Issues& issues) {
  return FileReader(source, issues).Read();
}

}  // namespace gatehouse
