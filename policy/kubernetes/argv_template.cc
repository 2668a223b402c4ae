// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/argv_template.h"

#include <string_view>
#include <utility>

#include "policy/kubernetes/fields.h"

namespace gatehouse {
namespace {

// "{name}", "{name|lower}", "{name=default}", without the braces. An empty
// text counts as missing, as it does in the servers ("x || default").
std::optional<std::string> Filled(std::string_view placeholder,
                                  const ArgumentValues& values) {
  const std::size_t end = placeholder.find_first_of("|=");
  const std::string_view name = placeholder.substr(0, end);
  const bool has_default =
      end != std::string_view::npos && placeholder[end] == '=';
  const bool lower = end != std::string_view::npos && placeholder[end] == '|';
  if (!values.IsSet(name)) {
    if (!has_default) return std::nullopt;
    return std::string(placeholder.substr(end + 1));
  }
  const std::string text = values.Text(name).value_or("");
  return lower ? LowerCase(text) : text;
}

}  // namespace

std::optional<std::string> FillWord(std::string_view text,
                                    const ArgumentValues& values) {
  std::string word;
  while (true) {
    const std::size_t open = text.find('{');
    word += text.substr(0, open);
    if (open == std::string_view::npos) return word;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return std::nullopt;
    const std::optional<std::string> filled =
        Filled(text.substr(open + 1, close - open - 1), values);
    if (!filled) return std::nullopt;
    word += *filled;
    text.remove_prefix(close + 1);
  }
}

namespace {

class ArgvBuilder {
 public:
  explicit ArgvBuilder(const ArgumentValues& values) : values_(values) {}

  // False where an argument is missing.
  bool AddAll(const std::vector<ArgvItem>& items) {
    for (const ArgvItem& item : items) {
      if (!Add(item)) return false;
    }
    return true;
  }
  BuiltArgv Take() { return std::move(argv_); }

 private:
  bool Add(const ArgvItem& item) {
    switch (item.kind) {
      case ArgvItem::Kind::kWord:
        return AddWord(item);
      case ArgvItem::Kind::kOptional:
        AddOptional(item);
        return true;
      case ArgvItem::Kind::kIf:
        return AddAll(values_.Holds(item.condition) ? item.items
                                                    : item.otherwise);
      case ArgvItem::Kind::kEach:
        Append(values_.Texts(item.text));
        return true;
      case ArgvItem::Kind::kFlags:
        for (const auto& [name, value] : values_.Flags(item.text)) {
          argv_.words.push_back("--" + name + (value ? "=" + *value : ""));
        }
        return true;
      case ArgvItem::Kind::kWords:
        AddWords(item);
        return true;
    }
    return false;
  }

  void Append(std::vector<std::string> words) {
    for (std::string& word : words) argv_.words.push_back(std::move(word));
  }
  void Refuse(std::string reason, const std::string& argument) {
    if (!argv_.unclear) argv_.unclear = Unclear{std::move(reason), argument};
  }

  bool AddWord(const ArgvItem& item) {
    std::optional<std::string> word = FillWord(item.text, values_);
    if (!word) return false;
    argv_.words.push_back(std::move(*word));
    return true;
  }

  // All of its words or none.
  void AddOptional(const ArgvItem& item) {
    ArgvBuilder part(values_);
    if (!part.AddAll(item.items)) return;
    BuiltArgv built = part.Take();
    if (built.unclear) Refuse(built.unclear->reason, built.unclear->argument);
    Append(std::move(built.words));
  }

  void AddWords(const ArgvItem& item) {
    CommandLine line = values_.Words(item.text);
    if (!line.unclear.empty()) return Refuse(line.unclear, item.text);
    if (!item.program.empty()) {
      const std::string text = values_.Text(item.text).value_or("");
      const Leading leading = LeadingProgram(text, line, item.program);
      if (leading == Leading::kUnclear) {
        return Refuse("a first word that resembles " + item.program, item.text);
      }
      if (leading == Leading::kYes) line.words.erase(line.words.begin());
      if (leading == Leading::kNo && item.program_required) {
        return Refuse("another program than " + item.program, item.text);
      }
    }
    Append(std::move(line.words));
  }

  const ArgumentValues& values_;
  BuiltArgv argv_;
};

}  // namespace

BuiltArgv BuildArgv(const std::vector<ArgvItem>& items,
                    const ArgumentValues& values) {
  ArgvBuilder builder(values);
  const bool complete = builder.AddAll(items);
  BuiltArgv built = builder.Take();
  if (!complete && !built.unclear) {
    built.unclear =
        Unclear{"an argument that the command needs is missing", ""};
  }
  return built;
}

}  // namespace gatehouse
