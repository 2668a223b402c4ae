// SPDX-License-Identifier: Apache-2.0
#pragma once
// Splits one string that a server will split itself, into the words that its
// program gets ("get pods -n dev"). Strict: what a POSIX shell, Python's shlex
// and Go's google/shlex would not all read alike is unclear, and so is all
// that a shell would do something with beyond splitting (pipes, lists,
// redirections, expansions). What the words mean is others' business.
//
// How servers split, read at their source (rules/README.md says which type to
// declare for which):
//   shell   a shell runs it: feiskyer/mcp-kubernetes-server (Python,
//           shell=True).
//   quoted  quotes are honoured, nothing runs a shell:
//   alexei-led/k8s-mcp-server
//           and rohitg00/kubectl-mcp-server (Python shlex.split), Azure's
//           mcp-kubernetes and aks-mcp (google/shlex). alexei-led cuts the line
//           at "|" first, with a reckoning of quotes of its own; google/shlex
//           takes "#" at the start of a word for a comment.
//   blank   cut at white space only, quotes are ordinary characters: kagent's
//           shell tool (Go strings.Fields), Python's str.split().

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

enum class LineDialect { kShell = 0, kQuoted, kBlank };

struct CommandLine {
  std::vector<std::string> words;
  // Why the line has no certain words, a sentence without a full stop; "" where
  // it has. Then `words` must not be used.
  std::string unclear;
};

// `line` without control bytes (else unclear), of any length. No words in an
// empty one.
CommandLine SplitCommandLine(std::string_view line, LineDialect dialect);

// Whether `line` begins with the word `program`, bare. Servers look at the
// first characters, at the first word, or not at all, so a line whose first
// word only resembles it (quoted, after a blank, with more letters) is read
// differently by each.
enum class Leading { kNo = 0, kYes, kUnclear };
Leading LeadingProgram(std::string_view line, const CommandLine& split,
                       std::string_view program);

}  // namespace gatehouse
