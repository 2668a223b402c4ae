// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/fields.h"

#include <algorithm>
#include <utility>

#include "policy/json_value.h"

namespace gatehouse {

Fields::Fields(const YamlNode& node, const SourceText& source, Issues& issues)
    : node_(node), source_(source), issues_(issues) {
  if (node.kind != NodeKind::kMap) {
    Report(node, Fault::kWrongType, "expected a map");
  }
}

void Fields::Report(const YamlNode& at, Fault fault, std::string message) {
  AddIssue(source_, at.position, FaultCode(fault), std::move(message), issues_);
}

const YamlNode* Fields::Get(std::string_view name) {
  asked_.push_back(name);
  return node_.Find(name);
}

const YamlNode* Fields::Require(std::string_view name) {
  const YamlNode* found = Get(name);
  if (found == nullptr && node_.kind == NodeKind::kMap) {
    Report(node_, Fault::kMissingField, "missing field " + Quoted(name));
  }
  return found;
}

std::optional<std::string> Fields::Text(std::string_view name) {
  const YamlNode* found = Get(name);
  if (found == nullptr) return std::nullopt;
  if (found->kind == NodeKind::kScalar) return found->scalar;
  Report(*found, Fault::kWrongType, Quoted(name) + " must be a word");
  return std::nullopt;
}

std::optional<std::string> Fields::RequireText(std::string_view name) {
  if (Require(name) == nullptr) return std::nullopt;
  return Text(name);
}

std::vector<std::string> Fields::Words(std::string_view name) {
  const YamlNode* found = Get(name);
  if (found == nullptr) return {};
  return WordsOf(*found, source_, issues_);
}

bool Fields::Flag(std::string_view name) {
  const YamlNode* found = Get(name);
  if (found == nullptr) return false;
  const std::optional<bool> value = found->AsBool();
  if (!value) Report(*found, Fault::kWrongType, "expected true or false");
  return value.value_or(false);
}

void Fields::Finish() {
  for (const YamlMember& member : node_.members) {
    if (std::find(asked_.begin(), asked_.end(), member.key) != asked_.end()) {
      continue;
    }
    std::string message = "unknown field " + Quoted(member.key);
    const std::string_view near = NearestWord(member.key, asked_);
    if (!near.empty()) message += "; did you mean " + Quoted(near) + "?";
    AddIssue(source_, member.position, FaultCode(Fault::kUnknownField),
             std::move(message), issues_);
  }
}

std::vector<std::string> SplitAt(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words = SplitAt(text, ' ');
  std::erase(words, "");
  return words;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::vector<std::string> WordsOf(const YamlNode& node, const SourceText& source,
                                 Issues& issues) {
  if (node.kind == NodeKind::kScalar) return SplitWords(node.scalar);
  std::vector<std::string> words;
  for (const YamlNode& item : node.items) {
    if (item.kind == NodeKind::kScalar) words.push_back(item.scalar);
  }
  if (node.kind != NodeKind::kList || words.size() != node.items.size()) {
    AddIssue(source, node.position, FaultCode(Fault::kWrongType),
             "expected a list of words", issues);
  }
  return words;
}

}  // namespace gatehouse
