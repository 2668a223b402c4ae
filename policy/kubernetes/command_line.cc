// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/command_line.h"

#include <algorithm>
#include <utility>

namespace gatehouse {
namespace {

// What a shell reads as more than itself outside quotes. "=" is harmless: the
// program's name stands before every word, so none is an assignment.
constexpr std::string_view kShellMeta = "|&;<>()$`*?[]{}~#!";
// The same between double quotes.
constexpr std::string_view kShellMetaQuoted = "$`";

bool IsPlainByte(char c) { return c >= 0x20 && c < 0x7f; }

class Splitter {
 public:
  Splitter(std::string_view line, LineDialect dialect)
      : line_(line), dialect_(dialect) {}

  CommandLine Run() {
    if (!CheckBytes()) return std::move(split_);
    while (at_ < line_.size() && split_.unclear.empty()) {
      dialect_ == LineDialect::kBlank ? BlankStep() : Step();
    }
    EndWord();
    if (split_.unclear.empty() && pipe_ && odd_) {
      Refuse("a \"|\" between nested quotes or backslashes");
    }
    if (!split_.unclear.empty()) split_.words.clear();
    return std::move(split_);
  }

 private:
  void Refuse(std::string reason) {
    if (split_.unclear.empty()) split_.unclear = std::move(reason);
  }

  // Splitters disagree on which bytes beyond ASCII are blanks; between quotes
  // they are themselves. Line ends begin another command or end a word.
  bool CheckBytes() {
    const bool control = std::any_of(line_.begin(), line_.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (control) Refuse("a line end or control character in a command line");
    return !control;
  }

  void EndWord() {
    if (in_word_) split_.words.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }
  void Append(char c) {
    word_ += c;
    in_word_ = true;
  }

  void BlankStep() {
    const char c = line_[at_++];
    if (c == ' ') return EndWord();
    if (!IsPlainByte(c)) return Refuse("a character outside ASCII");
    Append(c);
  }

  void Step() {
    const char c = line_[at_++];
    if (c == ' ') return EndWord();
    if (c == '\'') return SingleQuoted();
    if (c == '"') return DoubleQuoted();
    if (c == '\\') return Escaped();
    if (!IsPlainByte(c)) {
      return Refuse("a character outside ASCII and outside quotes");
    }
    if (c == '|') return Refuse("a pipe in a command line");
    if (c == '#' && !in_word_) return Refuse("a comment in a command line");
    if (dialect_ == LineDialect::kShell &&
        kShellMeta.find(c) != std::string_view::npos) {
      return Refuse("a shell would read \"" + std::string(1, c) +
                    "\" in a command line");
    }
    Append(c);
  }

  void SingleQuoted() {
    const std::size_t end = line_.find('\'', at_);
    if (end == std::string_view::npos) return Refuse("a quote without its end");
    const std::string_view inner = line_.substr(at_, end - at_);
    NotePipes(inner);
    if (inner.find_first_of("\"\\") != std::string_view::npos) odd_ = true;
    word_ += inner;
    in_word_ = true;
    at_ = end + 1;
  }

  void DoubleQuoted() {
    in_word_ = true;
    while (at_ < line_.size() && split_.unclear.empty()) {
      const char c = line_[at_++];
      if (c == '"') return;
      if (c == '\\') {
        EscapedInQuotes();
      } else if (dialect_ == LineDialect::kShell &&
                 kShellMetaQuoted.find(c) != std::string_view::npos) {
        Refuse("a shell would read \"" + std::string(1, c) + "\" in quotes");
      } else {
        NotePipes(std::string_view(&c, 1));
        if (c == '\'') odd_ = true;
        Append(c);
      }
    }
    Refuse("a quote without its end");
  }

  // The three agree on \" and \\ only.
  void EscapedInQuotes() {
    const char next = at_ < line_.size() ? line_[at_++] : '\0';
    if (next != '"' && next != '\\') {
      return Refuse(
          "a backslash in quotes that shells and libraries differ on");
    }
    odd_ = true;
    Append(next);
  }

  void Escaped() {
    const char next = at_ < line_.size() ? line_[at_++] : '\0';
    if (!IsPlainByte(next)) return Refuse("a backslash before nothing plain");
    NotePipes(std::string_view(&next, 1));
    odd_ = true;
    Append(next);
  }

  void NotePipes(std::string_view text) {
    if (text.find('|') != std::string_view::npos) pipe_ = true;
  }

  std::string_view line_;
  const LineDialect dialect_;
  std::size_t at_ = 0;
  std::string word_;
  bool in_word_ = false;
  bool pipe_ = false;  // a "|" that does not end the command
  bool odd_ = false;   // quoting that a simple search for "|" misjudges
  CommandLine split_;
};

}  // namespace

CommandLine SplitCommandLine(std::string_view line, LineDialect dialect) {
  return Splitter(line, dialect).Run();
}

Leading LeadingProgram(std::string_view line, const CommandLine& split,
                       std::string_view program) {
  if (split.words.empty() || !split.words[0].starts_with(program)) {
    return line.starts_with(program) ? Leading::kUnclear : Leading::kNo;
  }
  const bool bare =
      line.starts_with(program) &&
      (line.size() == program.size() || line[program.size()] == ' ');
  return bare ? Leading::kYes : Leading::kUnclear;
}

}  // namespace gatehouse
