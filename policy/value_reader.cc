// SPDX-License-Identifier: Apache-2.0
#include "policy/value_reader.h"

#include <charconv>
#include <utility>

#include "policy/matcher.h"
#include "policy/time_text.h"

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

std::string ValueReader::Scalar(const YamlMember& member) {
  const YamlNode& value = member.value;
  if (value.kind == NodeKind::kScalar && !value.scalar.empty()) {
    return value.scalar;
  }
  Add(Fault::kWrongType, member.position,
      "\"" + member.key + "\" takes one value, not " +
          (value.kind == NodeKind::kScalar ? "an empty one"
                                           : std::string(KindWord(value))));
  return "";
}

Words ValueReader::Scalars(const YamlMember& member) {
  if (member.value.kind != NodeKind::kList) {
    const std::string text = Scalar(member);
    return text.empty() ? Words{} : Words{{text, member.value.position}};
  }
  if (member.value.items.empty()) {
    Add(Fault::kEmpty, member.position,
        "\"" + member.key + "\" is an empty list; leave the field out");
  }
  Words words;
  for (const YamlNode& item : member.value.items) {
    const std::string text = Scalar({member.key, item.position, item});
    if (!text.empty()) words.push_back({text, item.position});
  }
  return words;
}

std::optional<std::int64_t> ValueReader::Count(const YamlMember& member,
                                               std::int64_t least,
                                               std::int64_t most) {
  const std::string text = Scalar(member);
  if (text.empty()) return std::nullopt;
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  const bool whole = read.ec == std::errc{} && read.ptr == end &&
                     text.find_first_not_of("0123456789") == std::string::npos;
  if (whole && !member.value.quoted && count >= least && count <= most) {
    return count;
  }
  Add(Fault::kBadValue, member.value.position,
      "\"" + member.key + "\" takes a whole number from " +
          std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<std::chrono::seconds> ValueReader::Duration(
    const YamlMember& member, std::chrono::seconds least,
    std::chrono::seconds most) {
  const std::string text = Scalar(member);
  if (text.empty()) return std::nullopt;
  const auto duration = ReadDuration(text);
  if (duration && *duration >= least && *duration <= most) return duration;
  Add(Fault::kBadValue, member.value.position,
      "\"" + member.key + "\" takes a time like 90s, 2m, 1h or 14d, from " +
          DurationText(least) + " to " + DurationText(most));
  return std::nullopt;
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
  Words words = List(member);
  Words patterns = words;
  std::erase_if(patterns, [](const Word& word) { return word.text.empty(); });
  CheckGlobs(patterns);
  return words;
}

void ValueReader::Add(Fault fault, Position position, std::string message) {
  AddIssue(source_, position, FaultCode(fault), std::move(message), issues_);
}

}  // namespace gatehouse
