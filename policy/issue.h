// SPDX-License-Identifier: Apache-2.0
#pragma once
// A fault in a rule file (policy, profile, table): where it is, what was
// expected, and the nearest valid word. All faults of a file are reported at
// once. For errors at run time see result.h.

#include <string>
#include <string_view>
#include <vector>

#include "policy/packed_yaml.h"

namespace gatehouse {

// A rule file's text and the name to print for it. Borrowed by readers.
struct SourceText {
  std::string name;  // "policy.yaml", "preset read-only"
  std::string text;
  PackedYaml packed = {};  // of an embedded file: what the text reads as
};

// 1-based; columns count bytes of the line; length 0 means "to its end".
struct Position {
  int line = 0;
  int column = 0;
  int length = 0;
};

enum class Severity { kError = 0, kWarning };

struct Issue {
  Severity severity = Severity::kError;
  std::string code;  // "P012": stable, one row in issue.cc's table
  std::string file;
  Position position;
  std::string message;    // without position; may end in "; did you mean …?"
  std::string line_text;  // the source line, for the caret
};

// Collects issues. Owned by the caller of a reader; not thread-safe.
class Issues {
 public:
  void Add(Issue issue) { items_.push_back(std::move(issue)); }
  const std::vector<Issue>& items() const { return items_; }
  bool HasErrors() const;
  // By file, line, column; stable.
  void Sort();

 private:
  std::vector<Issue> items_;
};

// The form of policy.md "Errors": position, code, message, the line, a caret.
std::string Render(const Issue& issue);

// Of the build's own data: ends the process on an error, with every issue on
// stderr. Tests read that data first, so it is a bug.
void AbortOnError(const Issues& issues);

// The word of `known` nearest to `word` (edit distance at most a third of its
// length), or "" where none is near.
std::string_view NearestWord(std::string_view word,
                             const std::vector<std::string_view>& known);

}  // namespace gatehouse
