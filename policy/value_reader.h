// SPDX-License-Identifier: Apache-2.0
#pragma once
// The values of a policy's fields: texts, lists of words, patterns. What
// rule_reader builds on. A value of the wrong type is an issue and comes back
// empty; nothing is converted.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/document.h"
#include "policy/fault.h"
#include "policy/issue.h"
#include "policy/rule.h"

namespace gatehouse {

// "a word", "a list", …: what stands there instead of what was expected.
std::string_view KindWord(const YamlNode& node);

// Borrows the source and the issues for its own life.
class ValueReader {
 public:
  ValueReader(const SourceText& source, Issues& issues)
      : source_(source), issues_(issues) {}

  void Add(Fault fault, Position position, std::string message);

  // What messages add to say where they are: " in rule \"read-team\"".
  void SetPlace(std::string place) { where_ = std::move(place); }
  const std::string& place() const { return where_; }

  std::string Text(const YamlMember& member);
  // Any scalar as it stands: times and counts, which YAML takes for other
  // things. "" and an issue where there is none.
  std::string Scalar(const YamlMember& member);
  // The same, of each item; a scalar stands for a list of one.
  Words Scalars(const YamlMember& member);
  // Within [least, most]; nullopt and an issue where it is not.
  std::optional<std::int64_t> Count(const YamlMember& member,
                                    std::int64_t least, std::int64_t most);
  std::optional<std::chrono::seconds> Duration(const YamlMember& member,
                                               std::chrono::seconds least,
                                               std::chrono::seconds most);
  // A scalar stands for a list of one. An empty list is an issue.
  Words List(const YamlMember& member);
  // The same, but the list may be empty.
  Words ListOrNothing(const YamlMember& member);
  // A list of patterns that compile.
  Words Globs(const YamlMember& member);
  // The same, where "" stands for cluster scope, and only as this literal.
  Words Namespaces(const YamlMember& member);
  void CheckGlobs(const Words& words);

 private:
  const SourceText& source_;
  Issues& issues_;
  std::string where_;
};

}  // namespace gatehouse
