// SPDX-License-Identifier: Apache-2.0
#include "policy/value_reader.h"

#include <utility>

#include "policy/matcher.h"

namespace gatehouse {
namespace {

// Booleans are those of YAML 1.2 here, so `no`, `on` and `y` are words; what
// looks like a number or a date to some reader is not.
bool IsWord(const YamlNode& node) {
  if (node.IsString()) return true;
  return node.IsAmbiguousScalar() &&
         node.scalar.find_first_of("0123456789") == std::string::npos;
}

}  // namespace

std::string_view KindWord(const YamlNode& node) {
  switch (node.kind) {
    case NodeKind::kNull:
      return "nothing";
    case NodeKind::kScalar:
      return IsWord(node) ? "a word" : "a number or a boolean";
    case NodeKind::kList:
      return "a list";
    case NodeKind::kMap:
      return "a map";
  }
  return "nothing";
}

std::string ValueReader::Text(const YamlMember& member) {
  const YamlNode& value = member.value;
  if (IsWord(value) && !value.scalar.empty()) return value.scalar;
  const bool empty = value.kind == NodeKind::kScalar && value.quoted;
  Add(Fault::kWrongType, member.position,
      "\"" + member.key + "\" takes a text, not " +
          (empty ? "an empty one" : std::string(KindWord(value))) +
          (value.kind == NodeKind::kScalar && !empty
               ? "; put it in quotation marks"
               : ""));
  return "";
}

// A scalar stands for a list of one.
Words ValueReader::ListOrNothing(const YamlMember& member) {
  Words words;
  const auto take = [&](const YamlNode& item) {
    if (IsWord(item)) {
      words.push_back({item.scalar, item.position});
      return;
    }
    Add(Fault::kWrongType, item.position,
        "\"" + member.key + "\" takes words, not " +
            std::string(KindWord(item)) +
            (item.kind == NodeKind::kScalar ? "; put it in quotation marks"
                                            : ""));
  };
  if (member.value.kind == NodeKind::kList) {
    for (const YamlNode& item : member.value.items) take(item);
  } else {
    take(member.value);
  }
  return words;
}

Words ValueReader::List(const YamlMember& member) {
  if (member.value.kind == NodeKind::kList && member.value.items.empty()) {
    Add(Fault::kEmpty, member.position,
        "\"" + member.key + "\" is an empty list; leave the field out");
  }
  return ListOrNothing(member);
}

void ValueReader::CheckGlobs(const Words& words) {
  for (const Word& word : words) {
    const Result<Pattern> pattern = Pattern::Compile(word.text);
    if (pattern.ok()) continue;
    Add(Fault::kBadPattern, word.position,
        "bad pattern " + Quoted(word.text) + where_ + ": " +
            pattern.error().sentence);
  }
}

Words ValueReader::Globs(const YamlMember& member) {
  Words words = List(member);
  CheckGlobs(words);
  return words;
}

// "" stands for cluster scope, and only as this literal.
Words ValueReader::Namespaces(const YamlMember& member) {
  const Words words = List(member);
  Words patterns = words;
  std::erase_if(patterns, [](const Word& word) { return word.text.empty(); });
  CheckGlobs(patterns);
  return words;
}

void ValueReader::Add(Fault fault, Position position, std::string message) {
  AddIssue(source_, position, FaultCode(fault), std::move(message), issues_);
}

}  // namespace gatehouse
