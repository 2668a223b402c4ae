// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "policy/document.h"
#include "policy/fault.h"
#include "policy/file_reader.h"
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxId = 63;

// Fields of the language that this version does not have yet: refused by
// name, since ignoring a condition would widen the rule.
constexpr std::string_view kLaterFileFields[] = {
    "redaction", "limits", "pin", "clientFeatures", "text", "dryRun", "lock"};
constexpr std::string_view kLaterRuleFields[] = {
    "when",    "until", "expires", "podSecurity", "helm", "reveal",
    "methods", "uris",  "prompts", "timeout",     "limit"};
constexpr std::string_view kSettings[] = {"scope.namespaces", "scope.contexts"};

bool IsId(std::string_view text) {
  const auto inner = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= kMaxId && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), inner);
}

}  // namespace

const FieldRow FileReader::kFileFields[] = {
    {"apiVersion", &FileReader::ApiVersion},
    {"kind", &FileReader::Kind},
    {"name", &FileReader::Name},
    {"description", &FileReader::Description},
    {"mode", &FileReader::FileMode},
    {"extends", &FileReader::Extends},
    {"scope", &FileReader::Scope},
    {"protect", &FileReader::Protect},
    {"require", &FileReader::Require},
    {"rules", &FileReader::Rules},
};
const FieldRow FileReader::kScopeFields[] = {
    {"contexts", &FileReader::ScopeContexts},
    {"namespaces", &FileReader::ScopeNamespaces},
};
const FieldRow FileReader::kRuleFields[] = {
    {"id", &FileReader::Id},
    {"allow", &FileReader::Allow},
    {"ask", &FileReader::Ask},
    {"deny", &FileReader::Deny},
    {"unless", &FileReader::Unless},
    {"mode", &FileReader::RuleMode},
    {"reason", &FileReader::Reason},
    {"resources", &FileReader::Resources},
    {"namespaces", &FileReader::MatchNamespaces},
    {"names", &FileReader::Names},
    {"contexts", &FileReader::Contexts},
    {"servers", &FileReader::Servers},
    {"tools", &FileReader::Tools},
    {"who", &FileReader::Who},
};
const FieldRow FileReader::kUnlessFields[] = {
    {"resources", &FileReader::Resources},
    {"namespaces", &FileReader::MatchNamespaces},
    {"names", &FileReader::Names},
    {"contexts", &FileReader::Contexts},
    {"servers", &FileReader::Servers},
    {"tools", &FileReader::Tools},
    {"who", &FileReader::Who},
};
const FieldRow FileReader::kWhoFields[] = {
    {"users", &FileReader::Users},
    {"groups", &FileReader::Groups},
    {"kubeUsers", &FileReader::KubeUsers},
    {"clients", &FileReader::Clients},
};

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
  ReadFields(root, kFileFields, kLaterFileFields);
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

void FileReader::ReadFields(const YamlNode& node,
                            std::span<const FieldRow> fields,
                            std::span<const std::string_view> later) {
  for (const YamlMember& member : node.members) {
    ReadField(member, fields, later);
  }
}

void FileReader::ReadField(const YamlMember& member,
                           std::span<const FieldRow> fields,
                           std::span<const std::string_view> later) {
  for (const FieldRow& field : fields) {
    if (field.name == member.key) {
      (this->*field.read)(member);
      return;
    }
  }
  Unknown(member, fields, later);
}

void FileReader::Unknown(const YamlMember& member,
                         std::span<const FieldRow> fields,
                         std::span<const std::string_view> later) {
  if (std::find(later.begin(), later.end(), member.key) != later.end()) {
    Add(Fault::kNotYet, member.position,
        "\"" + member.key + "\" is not yet supported in this version");
    return;
  }
  std::vector<std::string_view> known;
  for (const FieldRow& field : fields) known.push_back(field.name);
  std::string message = "unknown field " + Quoted(member.key) + values_.place();
  const std::string_view nearest = NearestWord(member.key, known);
  if (!nearest.empty()) {
    message += "; did you mean \"" + std::string(nearest) + "\"?";
  }
  Add(Fault::kUnknownField, member.position, std::move(message));
}

bool FileReader::IsMap(const YamlMember& member) {
  if (member.value.kind == NodeKind::kMap && !member.value.members.empty()) {
    return true;
  }
  Add(Fault::kWrongType, member.position,
      "\"" + member.key + "\" takes a map of fields, not " +
          std::string(KindWord(member.value)));
  return false;
}

void FileReader::RequireField(const YamlNode& node, std::string_view key,
                              std::string_view hint) {
  if (node.Find(key) != nullptr) return;
  Add(Fault::kMissingField, {node.position.line, node.position.column, 1},
      "the policy has no \"" + std::string(key) + "\"; write \"" +
          std::string(hint) + "\"");
}

void FileReader::Expect(const YamlMember& member, std::string_view value) {
  if (values_.Text(member) == value || member.value.kind != NodeKind::kScalar)
    return;
  Add(Fault::kBadValue, member.value.position,
      "\"" + member.key + "\" must be \"" + std::string(value) + "\" here");
}

void FileReader::Name(const YamlMember& m) {
  file_.name = values_.Text(m);
  if (file_.name.empty() || IsId(file_.name)) return;
  Add(Fault::kBadId, m.value.position,
      "a policy's name has lower case letters, digits and \"-\", at most 63, "
      "and begins with a letter or digit");
}

void FileReader::FileMode(const YamlMember& m) {
  const std::string mode = values_.Text(m);
  if (mode == "enforce") file_.mode = Mode::kEnforce;
  if (mode == "observe") file_.mode = Mode::kObserve;
  if (!file_.mode && !mode.empty()) {
    Add(Fault::kBadValue, m.value.position,
        "\"mode\" is \"enforce\" or \"observe\"");
  }
}

void FileReader::Scope(const YamlMember& m) {
  values_.SetPlace(" in \"scope\"");
  if (IsMap(m)) ReadFields(m.value, kScopeFields, {});
  values_.SetPlace("");
}

void FileReader::Protect(const YamlMember& m) {
  file_.protect = values_.ListOrNothing(m);  // [] turns it off
  values_.CheckGlobs(*file_.protect);
}

void FileReader::Require(const YamlMember& m) {
  file_.require = values_.List(m);
  for (const Word& word : file_.require) {
    const auto* known =
        std::find(std::begin(kSettings), std::end(kSettings), word.text);
    if (known != std::end(kSettings)) continue;
    Add(Fault::kUnknownSetting, word.position,
        "unknown setting " + Quoted(word.text) +
            "; it is \"scope.namespaces\" or \"scope.contexts\"");
  }
}

void FileReader::Rules(const YamlMember& m) {
  if (m.value.kind != NodeKind::kList) {
    Add(Fault::kWrongType, m.position,
        "\"rules\" takes a list of rules, not " +
            std::string(KindWord(m.value)));
    return;
  }
  if (m.value.items.empty()) {
    Add(Fault::kEmpty, m.position, "\"rules\" is an empty list");
  }
  for (const YamlNode& node : m.value.items) ReadRule(node);
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
  effects_ = 0;
  const YamlNode* id = node.Find("id");
  values_.SetPlace(id != nullptr && id->kind == NodeKind::kScalar
                       ? " in rule " + Quoted(id->scalar)
                       : " in a rule");
  ReadFields(node, kRuleFields, kLaterRuleFields);
  CheckRule(node);
  rule_ = nullptr;
  match_ = nullptr;
  values_.SetPlace("");
  file_.rules.push_back(std::move(rule));
}

void FileReader::CheckRule(const YamlNode& node) {
  const Position start{node.position.line, node.position.column, 0};
  if (node.Find("id") == nullptr) {
    Add(Fault::kMissingField, start, "a rule has no \"id\"");
  }
  if (effects_ != 1) {
    Add(Fault::kEffect, rule_->position,
        std::string(effects_ == 0 ? "none" : "more than one") +
            " of \"allow\", \"ask\" and \"deny\"" + values_.place() +
            "; a rule has exactly one");
  }
  for (const Word& verb : rule_->verbs) {
    if (verb.text == "unclear" && rule_->effect != Effect::kDeny &&
        !rule_->match.tools) {
      Add(Fault::kUnclearNeedsTools, verb.position,
          "\"unclear\" can be allowed only together with \"tools\"" +
              values_.place());
    }
  }
  if (rule_->effect != Effect::kDeny) CheckWho(rule_->match, "an allow");
  // An exception to a deny or an ask grants what they hold back.
  if (rule_->unless && rule_->effect != Effect::kAllow) {
    CheckWho(*rule_->unless, "an exception");
  }
}

void FileReader::CheckWho(const MatchFields& match, std::string_view what) {
  if (!match.who || !match.who->clients) return;
  if (match.who->users || match.who->groups || match.who->kube_users) return;
  Add(Fault::kUnprovenGround, match.who->position,
      "\"clients\" is what a client says of itself and never the only ground "
      "of " +
          std::string(what) + values_.place() +
          "; add \"users\", \"groups\" or \"kubeUsers\"");
}

void FileReader::Id(const YamlMember& m) {
  rule_->id = values_.Text(m);
  rule_->position = m.value.position;
  if (rule_->id.empty()) return;
  if (!IsId(rule_->id)) {
    Add(Fault::kBadId, m.value.position,
        "a rule's id has lower case letters, digits and \"-\", at most 63, "
        "and begins with a letter or digit");
  } else if (!ids_.insert(rule_->id).second) {
    Add(Fault::kDuplicateId, m.value.position,
        "another rule has the id " + Quoted(rule_->id) + " already");
  }
}

void FileReader::ReadEffect(const YamlMember& m, Effect effect) {
  ++effects_;
  // Of two effects the stricter is kept, though the file is refused anyway.
  if (effects_ == 1 || effect < rule_->effect) rule_->effect = effect;
  rule_->verbs = values_.List(m);
  for (const Word& word : rule_->verbs) {
    if (VerbsOfWord(word.text)) continue;
    std::string message = "unknown verb " + Quoted(word.text) + values_.place();
    const std::string_view nearest = NearestWord(word.text, VerbWords());
    if (!nearest.empty()) {
      message += "; did you mean \"" + std::string(nearest) + "\"?";
    }
    Add(Fault::kUnknownVerb, word.position, std::move(message));
  }
}

void FileReader::Unless(const YamlMember& m) {
  if (!IsMap(m)) return;
  rule_->unless.emplace();
  MatchFields* const outer = match_;
  match_ = &*rule_->unless;
  ReadFields(m.value, kUnlessFields, kLaterRuleFields);
  match_ = outer;
}

void FileReader::RuleMode(const YamlMember& m) {
  const std::string mode = values_.Text(m);
  rule_->observe = mode == "observe";
  if (rule_->observe || mode.empty()) return;
  Add(Fault::kBadValue, m.value.position,
      "a rule's \"mode\" can be \"observe\" only; leave it out to enforce");
}

void FileReader::Who(const YamlMember& m) {
  if (!IsMap(m)) return;
  match_->who.emplace();
  match_->who->position = m.position;
  ReadFields(m.value, kWhoFields, {});
}

RuleFile ReadRules(const SourceText& source, Issues& issues) {
  return FileReader(source, issues).Read();
}

}  // namespace gatehouse
