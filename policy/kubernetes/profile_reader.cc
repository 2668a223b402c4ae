// SPDX-License-Identifier: Apache-2.0
// Reads a profile file. Every field is checked; arguments that steps name but
// the tool does not declare are faults too, so that a misspelt one cannot turn
// into "always absent".
#include <algorithm>
#include <utility>

#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

struct TypeRow {
  std::string_view name;
  ArgumentType type;
};
constexpr TypeRow kTypes[] = {
    {"text", ArgumentType::kText},
    {"content", ArgumentType::kContent},
    {"truthy", ArgumentType::kTruthy},
    {"boolean", ArgumentType::kBoolean},
    {"number", ArgumentType::kNumber},
    {"texts", ArgumentType::kTexts},
    {"flags", ArgumentType::kFlags},
    {"shell_words", ArgumentType::kShellWords},
    {"quoted_words", ArgumentType::kQuotedWords},
    {"blank_words", ArgumentType::kBlankWords},
};

ArgumentType TypeFromName(std::string_view name) {
  for (const TypeRow& row : kTypes) {
    if (row.name == name) return row.type;
  }
  return ArgumentType::kUnknown;
}

class ToolReader {
 public:
  ToolReader(const SourceText& source, Issues& issues)
      : source_(source), issues_(issues) {}

  // An argument that needs no line of its own: a variable of a URI.
  void Declare(const std::string& name) {
    tool_.arguments.emplace(name, ArgumentType::kText);
  }

  ToolSpec Read(const YamlNode& node) {
    Fields fields(node, source_, issues_);
    ReadArguments(fields);
    tool_.required = fields.Words("required");
    for (const std::string& name : tool_.required) Declared(node, name);
    tool_.context_argument = Argument(fields, "context");
    ToolStep step = ReadStep(fields);
    if (!IsEmpty(step)) tool_.steps.push_back(std::move(step));
    if (const YamlNode* steps = fields.Get("steps")) {
      for (const YamlNode& item : steps->items) {
        Fields inner(item, source_, issues_);
        tool_.steps.push_back(ReadStep(inner));
        inner.Finish();
      }
    }
    fields.Finish();
    if (tool_.steps.empty()) {
      fields.Report(node, Fault::kEmpty, "a tool that is said to do nothing");
    }
    return std::move(tool_);
  }

 private:
  static bool IsEmpty(const ToolStep& step) {
    return step.kubectl.empty() && step.requests.empty() &&
           step.unclear.empty();
  }

  void Report(const YamlNode& at, Fault fault, std::string message) {
    AddIssue(source_, at.position, FaultCode(fault), std::move(message),
             issues_);
  }

  void Declared(const YamlNode& at, const std::string& name) {
    if (!name.empty() && !tool_.arguments.contains(name)) {
      Report(at, Fault::kBadValue, "undeclared argument " + Quoted(name));
    }
  }

  void ReadArguments(Fields& fields) {
    if (const YamlNode* arguments = fields.Get("arguments")) {
      for (const YamlMember& member : arguments->members) {
        const ArgumentType type = TypeFromName(member.value.scalar);
        if (type == ArgumentType::kUnknown) {
          Report(member.value, Fault::kBadValue, "unknown argument type");
        }
        tool_.arguments.emplace(member.key, type);
      }
    }
    for (std::string& name : fields.Words("ignore")) {
      tool_.arguments.emplace(std::move(name), ArgumentType::kIgnored);
    }
  }

  // A field that holds the name of an argument; "" where absent.
  std::string Argument(Fields& fields, std::string_view field) {
    const YamlNode* node = fields.Get(field);
    if (node == nullptr) return "";
    Declared(*node, node->scalar);
    return node->scalar;
  }

  bool IsWordsArgument(const std::string& name) const {
    const auto found = tool_.arguments.find(name);
    return found != tool_.arguments.end() &&
           (found->second == ArgumentType::kShellWords ||
            found->second == ArgumentType::kQuotedWords ||
            found->second == ArgumentType::kBlankWords);
  }
  void RequireWords(const YamlNode& at, const std::string& name) {
    if (!IsWordsArgument(name)) {
      Report(at, Fault::kBadValue, Quoted(name) + " is not a command line");
    }
  }

  // `when: name`, or `when: {argument: name, is: [a, b]}`, or with `not`; or
  // `{argument: line, program: kubectl}`.
  Condition ReadCondition(const YamlNode& node) {
    Condition condition;
    if (node.kind == NodeKind::kScalar) {
      condition.argument = node.scalar;
    } else {
      Fields fields(node, source_, issues_);
      condition.values = fields.Words("is");
      if (condition.values.empty()) {
        condition.values = fields.Words("not");
        condition.negated = !condition.values.empty();
      }
      condition.argument = fields.Text("argument").value_or("");
      condition.program = fields.Text("program").value_or("");
      if (!condition.program.empty()) RequireWords(node, condition.argument);
      const std::string missing = fields.Text("missing").value_or("");
      if (!missing.empty()) {
        condition.argument = missing;
        condition.negated = true;
      }
      fields.Finish();
    }
    if (condition.argument.empty()) {
      Report(node, Fault::kMissingField, "a condition without an argument");
    }
    Declared(node, condition.argument);
    return condition;
  }

  ToolStep ReadStep(Fields& fields) {
    ToolStep step;
    if (const YamlNode* when = fields.Get("when")) {
      step.when = ReadCondition(*when);
    }
    if (const YamlNode* kubectl = fields.Get("kubectl")) {
      step.kubectl = ReadArgv(*kubectl);
    }
    step.kubectl_manifest = Argument(fields, "manifest");
    if (const YamlNode* requests = fields.Get("requests")) {
      for (const YamlNode& item : requests->items) {
        step.requests.push_back(ReadRequest(item));
      }
    }
    step.unclear = fields.Text("unclear").value_or("");
    return step;
  }

  std::vector<ArgvItem> ReadArgv(const YamlNode& list) {
    std::vector<ArgvItem> items;
    if (list.kind != NodeKind::kList) {
      Report(list, Fault::kWrongType, "expected a list of words");
    }
    for (const YamlNode& node : list.items) items.push_back(ReadItem(node));
    return items;
  }

  ArgvItem ReadItem(const YamlNode& node) {
    ArgvItem item;
    if (node.kind == NodeKind::kScalar) {
      item.text = node.scalar == "{:manifest}" ? std::string(kInlineManifest)
                                               : node.scalar;
      CheckPlaceholders(node);
    } else if (node.kind == NodeKind::kList) {
      item.kind = ArgvItem::Kind::kOptional;
      item.items = ReadArgv(node);
    } else {
      ReadSpecialItem(node, item);
    }
    return item;
  }

  void ReadSpecialItem(const YamlNode& node, ArgvItem& item) {
    Fields fields(node, source_, issues_);
    if (fields.Get("each") != nullptr) {
      item.kind = ArgvItem::Kind::kEach;
      item.text = Argument(fields, "each");
    } else if (fields.Get("flags") != nullptr) {
      item.kind = ArgvItem::Kind::kFlags;
      item.text = Argument(fields, "flags");
    } else if (fields.Get("words") != nullptr) {
      ReadWordsItem(node, fields, item);
    } else if (const YamlNode* condition = fields.Require("if")) {
      item.kind = ArgvItem::Kind::kIf;
      item.condition = ReadCondition(*condition);
      if (const YamlNode* then = fields.Get("then")) {
        item.items = ReadArgv(*then);
      }
      if (const YamlNode* otherwise = fields.Get("else")) {
        item.otherwise = ReadArgv(*otherwise);
      }
    }
    fields.Finish();
  }

  // `{words: line}`, with `may_start_with: kubectl` or `starts_with: kubectl`.
  void ReadWordsItem(const YamlNode& node, Fields& fields, ArgvItem& item) {
    item.kind = ArgvItem::Kind::kWords;
    item.text = Argument(fields, "words");
    RequireWords(node, item.text);
    item.program = fields.Text("may_start_with").value_or("");
    const std::string required = fields.Text("starts_with").value_or("");
    if (!required.empty()) {
      item.program_required = true;
      item.program = required;
    }
  }

  void CheckPlaceholders(const YamlNode& node) {
    const std::string& text = node.scalar;
    if (text == "{:manifest}") return;
    std::size_t open = text.find('{');
    while (open != std::string::npos) {
      const std::size_t end = text.find_first_of("}|=", open);
      if (end == std::string::npos) {
        return Report(node, Fault::kBadValue, "an unclosed {");
      }
      Declared(node, text.substr(open + 1, end - open - 1));
      open = text.find('{', end);
    }
  }

  NamespaceSource ReadNamespace(const YamlNode& node) {
    NamespaceSource namespace_source;
    if (node.kind == NodeKind::kScalar) {
      namespace_source.absent = node.scalar;
      return namespace_source;
    }
    Fields fields(node, source_, issues_);
    namespace_source.argument = Argument(fields, "argument");
    namespace_source.all_argument = Argument(fields, "all");
    namespace_source.absent = fields.RequireText("absent").value_or("all");
    fields.Finish();
    return namespace_source;
  }

  void ReadType(Fields& fields, RequestStep& request) {
    const YamlNode* node = fields.Get("resource");
    if (node == nullptr) return;
    if (node->kind == NodeKind::kScalar) {
      request.type = node->scalar;
      return;
    }
    Fields type(*node, source_, issues_);
    request.type_argument = Argument(type, "word");
    request.kind_argument = Argument(type, "kind");
    request.api_version_argument = Argument(type, "api_version");
    type.Finish();
  }

  RequestStep ReadRequest(const YamlNode& node) {
    RequestStep request;
    Fields fields(node, source_, issues_);
    if (const YamlNode* when = fields.Get("when")) {
      request.when = ReadCondition(*when);
    }
    for (const std::string& word : fields.Words("verb")) {
      const std::optional<Verb> verb = VerbFromName(word);
      if (!verb)
        Report(node, Fault::kUnknownVerb, "unknown verb " + Quoted(word));
      request.verbs.push_back(verb.value_or(Verb::kUnknown));
    }
    if (request.verbs.empty()) {
      Report(node, Fault::kMissingField, "a request without a verb");
    }
    ReadType(fields, request);
    request.manifest_argument = Argument(fields, "manifest");
    request.subresource = fields.Text("subresource").value_or("");
    request.name_unknown = fields.Flag("name_unknown");
    request.name_argument = Argument(fields, "name");
    if (fields.Flag("exact_separators")) {
      request.dialect = ManifestDialect::kExactSeparators;
    }
    if (const YamlNode* name = fields.Get("namespace")) {
      request.namespace_source = ReadNamespace(*name);
    }
    fields.Finish();
    return request;
  }

  const SourceText& source_;
  Issues& issues_;
  ToolSpec tool_;
};

void ReadIdentity(Fields& fields, const SourceText& source, Issues& issues,
                  ToolProfile& profile) {
  if (const YamlNode* node = fields.Get("identify")) {
    Fields identify(*node, source, issues);
    profile.programs = identify.Words("programs");
    profile.packages = identify.Words("packages");
    identify.Finish();
  }
  if (const YamlNode* node = fields.Get("settings")) {
    profile.settings = ReadSettings(*node, source, issues);
  }
}

ToolProfile::Specs ReadSpecs(const YamlNode* node, const SourceText& source,
                             Issues& issues) {
  ToolProfile::Specs specs;
  if (node == nullptr) return specs;
  for (const YamlMember& member : node->members) {
    specs.emplace(member.key, ToolReader(source, issues).Read(member.value));
  }
  return specs;
}

std::vector<ResourceSpec> ReadResources(const YamlNode* node,
                                        const SourceText& source,
                                        Issues& issues) {
  std::vector<ResourceSpec> resources;
  if (node == nullptr) return resources;
  for (const YamlMember& member : node->members) {
    const auto uri = UriTemplate::Parse(member.key);
    if (!uri) {
      AddIssue(source, member.position, FaultCode(Fault::kBadValue),
               "not a URI template: " + Quoted(member.key), issues);
      continue;
    }
    ToolReader reader(source, issues);
    for (const std::string& name : uri->variables()) reader.Declare(name);
    resources.push_back({*uri, reader.Read(member.value)});
  }
  return resources;
}

}  // namespace

ToolProfile ReadProfile(const SourceText& source, Issues& issues) {
  ToolProfile profile;
  const std::vector<YamlNode> documents = ReadYaml(source, issues);
  if (issues.HasErrors()) return profile;
  if (documents.size() != 1) {
    AddIssue(source, Position{1, 1, 0}, FaultCode(Fault::kNotOneDocument),
             "expected one document", issues);
    return profile;
  }
  Fields fields(documents[0], source, issues);
  profile.name = fields.RequireText("server").value_or("");
  profile.versions = fields.Text("versions").value_or("");
  ReadIdentity(fields, source, issues, profile);
  profile.tools = ReadSpecs(fields.Require("tools"), source, issues);
  profile.prompts = ReadSpecs(fields.Get("prompts"), source, issues);
  profile.resources = ReadResources(fields.Get("resources"), source, issues);
  profile.completions = ReadSpecs(fields.Get("completions"), source, issues);
  fields.Finish();
  return profile;
}

}  // namespace gatehouse
