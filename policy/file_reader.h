// SPDX-License-Identifier: Apache-2.0
#pragma once
// Walks a policy file by the table of fields. The rows' readers (…_fields.cc)
// fill what it holds: the file, and the rule and match fields in hand.
// Inside of rule_reader; included by the …_fields.cc files only.

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/field_table.h"
#include "policy/rule_reader.h"
#include "policy/value_reader.h"

namespace gatehouse {

inline constexpr std::string_view kApiVersion = "gatehouse/v1";
inline constexpr std::string_view kKind = "Policy";

// A rule's id and a policy's name.
bool IsId(std::string_view text);

// What the fields of a rule must have together (rule_checks.cc).
void CheckRule(const YamlNode& node, const Rule& rule, ValueReader& values);

// Reads one file, once. Borrows the source and the issues.
class FileReader {
 public:
  FileReader(const SourceText& source, Issues& issues)
      : issues_(issues), values_(source, issues) {
    file_.source = source;
  }

  RuleFile Read();

  // For the rows' readers.
  ValueReader& values() { return values_; }
  RuleFile& file() { return file_; }
  Rule& rule() { return *rule_; }
  MatchFields& match() { return *match_; }
  // False, and an issue, where the value is no map with something in it.
  bool ReadMap(const YamlMember& member, FieldPlace inside);
  // The same, the match fields going to `fields`.
  void ReadMatch(const YamlMember& member, MatchFields& fields);
  void ReadRules(const YamlMember& member);
  // False where another rule of the file has this id already.
  bool ClaimId(const std::string& id) { return ids_.insert(id).second; }
  void Add(Fault fault, Position position, std::string message) {
    values_.Add(fault, position, std::move(message));
  }

 private:
  void ReadFields(const YamlNode& node, FieldPlace place);
  void Unknown(const YamlMember& member, FieldPlace place);
  void RequireField(const YamlNode& node, std::string_view key,
                    std::string_view hint);
  void ReadRule(const YamlNode& node);

  Issues& issues_;
  ValueReader values_;
  RuleFile file_;
  Rule* rule_ = nullptr;
  MatchFields* match_ = nullptr;
  std::set<std::string> ids_;
};

}  // namespace gatehouse
