// SPDX-License-Identifier: Apache-2.0
// Reads one tool of a profile: its arguments, and what its steps come to.
#include <algorithm>
#include <utility>

#include "policy/kubernetes/argument_reader.h"
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
    {"filled", ArgumentType::kFilled},
    {"word", ArgumentType::kWord},
    {"word_list", ArgumentType::kWordList},
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

class ToolReader : private ArgumentReader {
 public:
  using ArgumentReader::ArgumentReader;
  using ArgumentReader::Declare;

  ToolSpec Read(const YamlNode& node) {
    Fields fields(node, source_, issues_);
    ReadArguments(fields);
    tool_.required = fields.Words("required");
    for (const std::string& name : tool_.required) Declared(node, name);
    tool_.unlisted = fields.Words("unlisted");
    for (const std::string& name : tool_.unlisted) Declared(node, name);
    tool_.hidden = fields.Flag("hidden");
    tool_.context_argument = Argument(fields, "context");
    tool_.remembers_context = fields.Flag("remembers_context");
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
    tool_.arguments = std::move(arguments_);
    tool_.comparisons = std::move(comparisons_);
    return std::move(tool_);
  }

 private:
  static bool IsEmpty(const ToolStep& step) {
    return step.kubectl.empty() && step.helm.empty() && step.requests.empty() &&
           step.unclear.empty();
  }

  void ReadArguments(Fields& fields) {
    if (const YamlNode* arguments = fields.Get("arguments")) {
      for (const YamlMember& member : arguments->members) {
        const ArgumentType type = TypeFromName(member.value.scalar);
        if (type == ArgumentType::kUnknown) {
          Report(member.value, Fault::kBadValue, "unknown argument type");
        }
        Declare(member.key, type);
      }
    }
    for (std::string& name : fields.Words("ignore")) {
      Declare(std::move(name), ArgumentType::kIgnored);
    }
  }

  ToolStep ReadStep(Fields& fields) {
    ToolStep step;
    if (const YamlNode* when = fields.Get("when")) {
      step.when = ReadCondition(*when);
    }
    if (const YamlNode* kubectl = fields.Get("kubectl")) {
      step.kubectl = ReadArgv(*kubectl);
    }
    if (const YamlNode* helm = fields.Get("helm")) {
      step.helm = ReadArgv(*helm);
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

  ToolSpec tool_;
};

}  // namespace

ToolSpec ReadTool(const YamlNode& node, const std::vector<std::string>& given,
                  const SourceText& source, Issues& issues) {
  ToolReader reader(source, issues);
  for (const std::string& name : given) {
    reader.Declare(name, ArgumentType::kText);
  }
  return reader.Read(node);
}

}  // namespace gatehouse
