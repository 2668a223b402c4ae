// SPDX-License-Identifier: Apache-2.0
// Any bytes as a command line. It never crashes; and what is accepted reads the
// same under a slow and obvious reader of the shell's own rules, written from
// POSIX (2.2, Quoting) and not from ours.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/command_line.h"

namespace {

using gatehouse::CommandLine;
using gatehouse::LineDialect;
using gatehouse::SplitCommandLine;
using Words = std::vector<std::string>;

void Require(bool condition) {
  if (!condition) std::abort();
}

// Pass 1: each byte with whether quoting made it literal. nullopt: a quote is
// open at the end, or a backslash stands last.
struct Mark {
  char c;
  bool literal;
};
std::optional<std::vector<Mark>> Marks(std::string_view line) {
  std::vector<Mark> marks;
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool last = i + 1 == line.size();
    if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
      marks.push_back({'\0', true});  // an empty word counts
    } else if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (c == '\\' && quote != '\'') {
      if (last) return std::nullopt;
      const char next = line[++i];
      const bool escapes = quote == '\0' || next == '"' || next == '\\' ||
                           next == '$' || next == '`';
      if (!escapes) marks.push_back({c, true});
      marks.push_back({next, true});
    } else {
      marks.push_back({c, quote != '\0'});
    }
  }
  if (quote != '\0') return std::nullopt;
  return marks;
}

// Pass 2: cut at blanks that are not literal.
Words Reference(const std::vector<Mark>& marks) {
  Words words;
  bool open = false;
  for (const Mark& mark : marks) {
    if (mark.c == ' ' && !mark.literal) {
      open = false;
      continue;
    }
    if (!open) words.emplace_back();
    open = true;
    if (mark.c != '\0') words.back() += mark.c;
  }
  return words;
}

// No byte that a shell acts on is left bare.
void RequireHarmless(const std::vector<Mark>& marks) {
  for (const Mark& mark : marks) {
    Require(mark.literal ||
            std::string_view("|&;<>()$`*?[]{}~#!\n\t").find(mark.c) ==
                std::string_view::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const CommandLine shell = SplitCommandLine(line, LineDialect::kShell);
  const CommandLine quoted = SplitCommandLine(line, LineDialect::kQuoted);
  const CommandLine blank = SplitCommandLine(line, LineDialect::kBlank);
  for (const CommandLine* split : {&shell, &quoted, &blank}) {
    Require(split->unclear.empty() || split->words.empty());
  }
  // What a shell may run, a library splits alike.
  if (shell.unclear.empty()) {
    Require(quoted.unclear.empty() && quoted.words == shell.words);
  }
  if (quoted.unclear.empty()) {
    const auto marks = Marks(line);
    Require(marks.has_value());
    Require(Reference(*marks) == quoted.words);
    if (shell.unclear.empty()) RequireHarmless(*marks);
  }
  if (blank.unclear.empty()) {
    std::string joined;
    for (const std::string& word : blank.words) {
      Require(!word.empty() && word.find(' ') == std::string::npos);
      joined += word;
    }
    std::string bare(line);
    std::erase(bare, ' ');
    Require(joined == bare);
  }
  return 0;
}
