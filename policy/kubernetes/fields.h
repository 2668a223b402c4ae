// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the fields of one map of a data file (resource table, kubectl table,
// profile): each field is asked for by name, and Finish() reports those nobody
// asked for, so that a misspelt one is a fault and never ignored. Used by the
// readers of this folder only; rule files have their own.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/document.h"
#include "policy/fault.h"
#include "policy/issue.h"

namespace gatehouse {

// Borrows all three for its lifetime. Not thread-safe. A wrong type is an issue
// and reads as absent.
class Fields {
 public:
  // Where `node` is not a map, that is an issue, and every field is absent.
  Fields(const YamlNode& node, const SourceText& source, Issues& issues);

  // nullptr where absent; marks it as asked for.
  const YamlNode* Get(std::string_view name);
  // As Get; absent is an issue.
  const YamlNode* Require(std::string_view name);
  // A scalar's text; nullopt where absent.
  std::optional<std::string> Text(std::string_view name);
  std::optional<std::string> RequireText(std::string_view name);
  // A list of scalars, or one scalar holding words between blanks.
  std::vector<std::string> Words(std::string_view name);
  // true or false; absent is false.
  bool Flag(std::string_view name);
  // One issue for each member that was never asked for.
  void Finish();

  void Report(const YamlNode& at, Fault fault, std::string message);

 private:
  const YamlNode& node_;
  const SourceText& source_;
  Issues& issues_;
  std::vector<std::string_view> asked_;
};

// The words of `text` between blanks.
std::vector<std::string> SplitWords(std::string_view text);
// ASCII only; other bytes as they are.
std::string LowerCase(std::string_view text);
// `text` between each `separator`; one empty part for an empty text.
std::vector<std::string> SplitAt(std::string_view text, char separator);

// The words of a node: a list of scalars, or one scalar's words.
std::vector<std::string> WordsOf(const YamlNode& node, const SourceText& source,
                                 Issues& issues);

}  // namespace gatehouse
