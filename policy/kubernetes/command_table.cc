// SPDX-License-Identifier: Apache-2.0
// Reads kubectl.yaml or helm.yaml. A flag is written NAME[/SHORT][=|?][:ROLE]:
// "output/o=" takes a value, "dry-run?" takes one only after "=", "watch/w"
// takes none. What a flag's name means stands once under `roles`; a command
// that uses it for something else says so.
#include "policy/kubernetes/command_table.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "policy/kubernetes/fields.h"

namespace gatehouse {
namespace {

struct FlagRoleRow {
  std::string_view name;
  FlagRole role;
};
constexpr FlagRoleRow kFlagRoles[] = {
    {"plain", FlagRole::kPlain},
    {"namespace", FlagRole::kNamespace},
    {"all-namespaces", FlagRole::kAllNamespaces},
    {"context", FlagRole::kContext},
    {"target", FlagRole::kTarget},
    {"identity", FlagRole::kIdentity},
    {"file", FlagRole::kFile},
    {"kustomize", FlagRole::kKustomize},
    {"local", FlagRole::kLocal},
    {"dry-run", FlagRole::kDryRun},
    {"selector", FlagRole::kSelector},
    {"output", FlagRole::kOutput},
    {"raw", FlagRole::kRaw},
    {"watch", FlagRole::kWatch},
    {"subresource", FlagRole::kSubresource},
    {"meaning", FlagRole::kMeaning},
    {"fetch", FlagRole::kFetch},
    {"source", FlagRole::kSource},
    {"unclear", FlagRole::kUnknown},
};

std::optional<FlagRole> RoleFromName(std::string_view name) {
  for (const FlagRoleRow& row : kFlagRoles) {
    if (row.name == name) return row.role;
  }
  return std::nullopt;
}

using Roles = std::map<std::string, FlagRole, std::less<>>;

Roles ReadRoles(const YamlNode& node, const SourceText& source,
                Issues& issues) {
  Roles roles;
  for (const YamlMember& member : node.members) {
    const std::optional<FlagRole> role = RoleFromName(member.key);
    if (!role) {
      AddIssue(source, member.position, FaultCode(Fault::kUnknownField),
               "unknown flag role " + Quoted(member.key), issues);
      continue;
    }
    for (std::string& flag : WordsOf(member.value, source, issues)) {
      roles.insert_or_assign(std::move(flag), *role);
    }
  }
  return roles;
}

CommandFlag ParseFlag(std::string_view word, const Roles& roles) {
  CommandFlag flag;
  const std::size_t colon = word.find(':');
  const std::string_view own = colon == std::string_view::npos
                                   ? std::string_view()
                                   : word.substr(colon + 1);
  word = word.substr(0, colon);
  flag.takes_value = word.ends_with('=');
  flag.optional_value = word.ends_with('?');
  if (flag.takes_value || flag.optional_value) word.remove_suffix(1);
  if (word.size() > 2 && word[word.size() - 2] == '/') {
    flag.short_name = word.back();
    word.remove_suffix(2);
  }
  flag.name = word;
  const auto role = roles.find(word);
  flag.role = role == roles.end() ? FlagRole::kPlain : role->second;
  // A word that is no role makes the flag unclear: a test reads every row.
  if (!own.empty()) flag.role = RoleFromName(own).value_or(FlagRole::kUnknown);
  return flag;
}

std::vector<CommandFlag> ParseFlags(const std::vector<std::string>& words,
                                    const Roles& roles) {
  std::vector<CommandFlag> flags;
  flags.reserve(words.size());
  for (const std::string& word : words) flags.push_back(ParseFlag(word, roles));
  return flags;
}

struct WordRow {
  std::string_view name;
  WordRule rule;
};
constexpr WordRow kWordRules[] = {
    {"unclear", WordRule::kUnclear},
    {"types", WordRule::kTypes},
    {"pairs", WordRule::kPairs},
    {"taints", WordRule::kTaints},
    {"types-word", WordRule::kTypesThenWord},
    {"files", WordRule::kFiles},
    {"names", WordRule::kNames},
    {"first", WordRule::kFirst},
    {"each", WordRule::kEach},
    {"copies", WordRule::kCopies},
    {"none", WordRule::kNone},
    {"release", WordRule::kRelease},
    {"chart", WordRule::kChart},
    {"charts", WordRule::kCharts},
    {"local", WordRule::kLocal},
};

std::optional<WordRule> WordRuleFromName(std::string_view name) {
  for (const WordRow& row : kWordRules) {
    if (row.name == name) return row.rule;
  }
  return std::nullopt;
}

std::vector<RequestTemplate> ReadTemplates(const YamlNode& list,
                                           const SourceText& source,
                                           Issues& issues) {
  std::vector<RequestTemplate> requests;
  for (const YamlNode& item : list.items) {
    const std::optional<RequestTemplate> request =
        ParseRequestTemplate(item.scalar);
    if (request) {
      requests.push_back(*request);
    } else {
      AddIssue(source, item.position, FaultCode(Fault::kBadValue),
               "not a request: " + Quoted(item.scalar), issues);
    }
  }
  return requests;
}

CommandRow ReadCommand(const YamlMember& member, const Roles& roles,
                       const SourceText& source, Issues& issues) {
  Fields fields(member.value, source, issues);
  CommandRow command;
  command.path = member.key;
  // "types", or "each nodes": a rule and the type of a bare name.
  const std::vector<std::string> words =
      SplitWords(fields.RequireText("words").value_or(""));
  const std::optional<WordRule> rule =
      WordRuleFromName(words.empty() ? "" : words[0]);
  const bool typed = rule == WordRule::kFirst || rule == WordRule::kEach;
  if (!rule || words.size() != (typed ? 2u : 1u)) {
    fields.Report(member.value, Fault::kBadValue, "unknown operands");
  } else if (typed) {
    command.default_type = words[1];
  }
  command.words = rule.value_or(WordRule::kUnclear);
  if (const YamlNode* aliases = fields.Get("alias")) {
    command.aliases = WordsOf(*aliases, source, issues);
  }
  if (const YamlNode* requests = fields.Get("requests")) {
    command.requests = ReadTemplates(*requests, source, issues);
  }
  if (const std::optional<std::string> pods = fields.Text("pods")) {
    const std::optional<PodsFrom> from = PodsFromName(*pods);
    if (!from) {
      fields.Report(member.value, Fault::kBadValue,
                    "unknown source of pods " + Quoted(*pods));
    }
    command.pods = from.value_or(PodsFrom::kUnknown);
  }
  command.flags = ParseFlags(fields.Words("flags"), roles);
  fields.Finish();
  return command;
}

}  // namespace

const CommandFlag* CommandRow::FindFlag(std::string_view name) const {
  const auto found =
      std::find_if(flags.begin(), flags.end(),
                   [&](const CommandFlag& flag) { return flag.name == name; });
  return found == flags.end() ? nullptr : &*found;
}

const CommandFlag* CommandRow::FindShort(char name) const {
  if (name == '\0') return nullptr;
  const auto found = std::find_if(
      flags.begin(), flags.end(),
      [&](const CommandFlag& flag) { return flag.short_name == name; });
  return found == flags.end() ? nullptr : &*found;
}

CommandTable::CommandTable(const SourceText& source, Issues& issues) {
  const std::vector<YamlNode> documents = ReadYaml(source, issues);
  const YamlNode none;
  Fields fields(documents.empty() ? none : documents[0], source, issues);
  program_ = fields.RequireText("program").value_or("");
  reads_underscores_ = fields.Flag("underscores");
  Roles roles;
  if (const YamlNode* node = fields.Require("roles")) {
    roles = ReadRoles(*node, source, issues);
  }
  global_.flags = ParseFlags(fields.Words("global"), roles);
  if (const YamlNode* node = fields.Get("describe")) {
    for (const YamlMember& member : node->members) {
      described_.emplace(member.key,
                         ReadTemplates(member.value, source, issues));
    }
  }
  if (const YamlNode* node = fields.Require("commands")) {
    for (const YamlMember& member : node->members) {
      commands_.push_back(ReadCommand(member, roles, source, issues));
    }
  }
  fields.Finish();
}

const CommandRow* CommandTable::Find(std::string_view path) const {
  for (const CommandRow& command : commands_) {
    const std::vector<std::string>& aliases = command.aliases;
    if (command.path == path ||
        std::find(aliases.begin(), aliases.end(), path) != aliases.end()) {
      return &command;
    }
  }
  return nullptr;
}

bool CommandTable::IsGroup(std::string_view path) const {
  const std::string prefix = std::string(path) + " ";
  return std::any_of(
      commands_.begin(), commands_.end(), [&](const CommandRow& command) {
        const std::vector<std::string>& aliases = command.aliases;
        return command.path.starts_with(prefix) ||
               std::any_of(aliases.begin(), aliases.end(),
                           [&](const std::string& alias) {
                             return alias.starts_with(prefix);
                           });
      });
}

const std::vector<RequestTemplate>* CommandTable::Described(
    std::string_view type) const {
  const auto found = described_.find(type);
  return found == described_.end() ? nullptr : &found->second;
}

}  // namespace gatehouse
