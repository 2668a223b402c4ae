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

class ArgvBuilder {
 public:
  explicit ArgvBuilder(const ArgumentValues& values) : values_(values) {}

  bool AddAll(const std::vector<ArgvItem>& items) {
    for (const ArgvItem& item : items) {
      if (!Add(item)) return false;
    }
    return true;
  }
  std::vector<std::string> Take() { return std::move(argv_); }

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
        for (std::string& text : values_.Texts(item.text)) {
          argv_.push_back(std::move(text));
        }
        return true;
      case ArgvItem::Kind::kFlags:
        for (const auto& [name, value] : values_.Flags(item.text)) {
          argv_.push_back("--" + name + (value ? "=" + *value : ""));
        }
        return true;
    }
    return false;
  }

  bool AddWord(const ArgvItem& item) {
    std::optional<std::string> word = FillWord(item.text, values_);
    if (!word) return false;
    argv_.push_back(std::move(*word));
    return true;
  }

  // All of its words or none.
  void AddOptional(const ArgvItem& item) {
    ArgvBuilder part(values_);
    if (!part.AddAll(item.items)) return;
    for (std::string& word : part.Take()) argv_.push_back(std::move(word));
  }

  const ArgumentValues& values_;
  std::vector<std::string> argv_;
};

}  // namespace

std::optional<std::vector<std::string>> BuildArgv(
    const std::vector<ArgvItem>& items, const ArgumentValues& values) {
  ArgvBuilder builder(values);
  if (!builder.AddAll(items)) return std::nullopt;
  return builder.Take();
}

}  // namespace gatehouse
