// SPDX-License-Identifier: Apache-2.0
#pragma once
// The inside of rule_reader.cc: one method per field of a policy file, found
// through tables of field names. Included by nothing else.

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "policy/rule_reader.h"
#include "policy/value_reader.h"

namespace gatehouse {

inline constexpr std::string_view kApiVersion = "gatehouse/v1";
inline constexpr std::string_view kKind = "Policy";

class FileReader;
using Handler = void (FileReader::*)(const YamlMember&);

// A row of a table of fields: the word and what reads it.
struct FieldRow {
  std::string_view name;
  Handler read;
};

// Reads one file. The handlers fill what `rule_` and `match_` point to, which
// is set while a rule is being read.
class FileReader {
 public:
  FileReader(const SourceText& source, Issues& issues)
      : issues_(issues), values_(source, issues) {
    file_.source = source;
  }

  RuleFile Read();

 private:
  void ReadFields(const YamlNode& node, std::span<const FieldRow> fields,
                  std::span<const std::string_view> later);
  void ReadField(const YamlMember& member, std::span<const FieldRow> fields,
                 std::span<const std::string_view> later);
  void Unknown(const YamlMember& member, std::span<const FieldRow> fields,
               std::span<const std::string_view> later);

  // Fields of the file.
  void ApiVersion(const YamlMember& m) { Expect(m, kApiVersion); }
  void Kind(const YamlMember& m) { Expect(m, kKind); }
  void Name(const YamlMember& m);
  void Description(const YamlMember& m) { file_.description = values_.Text(m); }
  void FileMode(const YamlMember& m);
  void Extends(const YamlMember& m) { file_.extends = values_.List(m); }
  void Scope(const YamlMember& m);
  void ScopeContexts(const YamlMember& m) {
    file_.scope.contexts = values_.Globs(m);
  }
  void ScopeNamespaces(const YamlMember& m) {
    file_.scope.namespaces = values_.Namespaces(m);
  }
  void Protect(const YamlMember& m);
  void Require(const YamlMember& m);
  void Rules(const YamlMember& m);

  // Fields of a rule.
  void Id(const YamlMember& m);
  void Allow(const YamlMember& m) { ReadEffect(m, Effect::kAllow); }
  void Ask(const YamlMember& m) { ReadEffect(m, Effect::kAsk); }
  void Deny(const YamlMember& m) { ReadEffect(m, Effect::kDeny); }
  void ReadEffect(const YamlMember& m, Effect effect);
  void Unless(const YamlMember& m);
  void RuleMode(const YamlMember& m);
  void Reason(const YamlMember& m) { rule_->reason = values_.Text(m); }

  // Fields that `unless` has too.
  void Resources(const YamlMember& m) { match_->resources = values_.List(m); }
  void MatchNamespaces(const YamlMember& m) {
    match_->namespaces = values_.Namespaces(m);
  }
  void Names(const YamlMember& m) { match_->names = values_.Globs(m); }
  void Contexts(const YamlMember& m) { match_->contexts = values_.Globs(m); }
  void Servers(const YamlMember& m) { match_->servers = values_.Globs(m); }
  void Tools(const YamlMember& m) { match_->tools = values_.Globs(m); }
  void Who(const YamlMember& m);
  void Users(const YamlMember& m) { match_->who->users = values_.Globs(m); }
  void Groups(const YamlMember& m) { match_->who->groups = values_.Globs(m); }
  void KubeUsers(const YamlMember& m) {
    match_->who->kube_users = values_.Globs(m);
  }
  void Clients(const YamlMember& m) { match_->who->clients = values_.Globs(m); }

  void ReadRule(const YamlNode& node);
  void CheckRule(const YamlNode& node);
  void CheckWho(const MatchFields& match, std::string_view what);

  void Expect(const YamlMember& member, std::string_view value);
  void RequireField(const YamlNode& node, std::string_view key,
                    std::string_view hint);
  bool IsMap(const YamlMember& member);

  void Add(Fault fault, Position position, std::string message) {
    values_.Add(fault, position, std::move(message));
  }

  static const FieldRow kFileFields[];
  static const FieldRow kScopeFields[];
  static const FieldRow kRuleFields[];
  static const FieldRow kUnlessFields[];
  static const FieldRow kWhoFields[];

  Issues& issues_;
  ValueReader values_;
  RuleFile file_;
  Rule* rule_ = nullptr;
  MatchFields* match_ = nullptr;
  int effects_ = 0;
  std::set<std::string> ids_;
};

}  // namespace gatehouse
