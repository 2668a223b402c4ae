// SPDX-License-Identifier: Apache-2.0
// One string into words. Whatever is accepted must be what the shell itself
// makes of it, and what Python's shlex does: both are asked, where present.
#include "policy/kubernetes/command_line.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <random>

namespace gatehouse {
namespace {

// The words with "|" after each; "?" where unclear.
std::string Split(std::string_view line, LineDialect dialect) {
  const CommandLine split = SplitCommandLine(line, dialect);
  if (!split.unclear.empty()) return "?";
  std::string text;
  for (const std::string& word : split.words) text += word + "|";
  return text;
}

struct CommandLineRow {
  std::string_view line, shell, quoted, blank;
};

TEST(CommandLine, IsSplitAsItsReaderDoesOrNotAtAll) {
  const CommandLineRow rows[] = {
      {"", "", "", ""},
      {"   ", "", "", ""},
      {"get pods", "get|pods|", "get|pods|", "get|pods|"},
      {"  get   pods  ", "get|pods|", "get|pods|", "get|pods|"},
      {"a 'b c' d", "a|b c|d|", "a|b c|d|", "a|'b|c'|d|"},
      {"a \"b c\"", "a|b c|", "a|b c|", "a|\"b|c\"|"},
      {"-l'a b'=c\"d\"", "-la b=cd|", "-la b=cd|", "-l'a|b'=c\"d\"|"},
      {"'' \"\"", "||", "||", "''|\"\"|"},
      {"'a\\n\"b'", "a\\n\"b|", "a\\n\"b|", "'a\\n\"b'|"},
      {"\"a\\\"b\\\\c\"", "a\"b\\c|", "a\"b\\c|", "\"a\\\"b\\\\c\"|"},
      {"\"a\\nb\"", "?", "?", "\"a\\nb\"|"},  // Go drops that backslash
      {"a\\ b", "a b|", "a b|", "a\\|b|"},
      {"a\\", "?", "?", "a\\|"},
      {"a 'b", "?", "?", "a|'b|"},
      {"a \"b", "?", "?", "a|\"b|"},
      {"a | b", "?", "?", "a|||b|"},
      {"a 'b|c'", "a|b|c|", "a|b|c|", "a|'b|c'|"},
      // Its own count of quotes sees a pipe here.
      {"\"'\" '|' x", "?", "?", "\"'\"|'|'|x|"},
      {"a\\|b", "?", "?", "a\\|b|"},
      {"a; b", "?", "a;|b|", "a;|b|"},
      {"a && b", "?", "a|&&|b|", "a|&&|b|"},
      {"a > f", "?", "a|>|f|", "a|>|f|"},
      {"a $(b)", "?", "a|$(b)|", "a|$(b)|"},
      {"a \"$b\"", "?", "a|$b|", "a|\"$b\"|"},
      {"a '$b'", "a|$b|", "a|$b|", "a|'$b'|"},
      {"a `b`", "?", "a|`b`|", "a|`b`|"},
      {"a *", "?", "a|*|", "a|*|"},
      {"a p?d [x]", "?", "a|p?d|[x]|", "a|p?d|[x]|"},
      {"a {b,c}", "?", "a|{b,c}|", "a|{b,c}|"},
      {"a ~/x", "?", "a|~/x|", "a|~/x|"},
      {"a !b", "?", "a|!b|", "a|!b|"},
      {"a #b", "?", "?", "a|#b|"},  // a comment to the shell and to Go
      {"a b#c", "?", "a|b#c|", "a|b#c|"},
      {"a '#b'", "a|#b|", "a|#b|", "a|'#b'|"},
      {"a\tb", "?", "?", "?"},
      {"a\nb", "?", "?", "?"},
      {"a 'b\nc'", "?", "?", "?"},
      {"a\x7f", "?", "?", "?"},
      {std::string_view("a\0b", 3), "?", "?", "?"},
      {"a\xc2\xa0"
       "b",
       "?", "?", "?"},
      {"a 'b\xc3\xa9'", "a|b\xc3\xa9|", "a|b\xc3\xa9|", "?"},
      {"-o=jsonpath='{.items[*].metadata.name}'",
       "-o=jsonpath={.items[*].metadata.name}|",
       "-o=jsonpath={.items[*].metadata.name}|",
       "-o=jsonpath='{.items[*].metadata.name}'|"},
  };
  for (const CommandLineRow& row : rows) {
    EXPECT_EQ(Split(row.line, LineDialect::kShell), row.shell) << row.line;
    EXPECT_EQ(Split(row.line, LineDialect::kQuoted), row.quoted) << row.line;
    EXPECT_EQ(Split(row.line, LineDialect::kBlank), row.blank) << row.line;
  }
}

TEST(CommandLine, LeadsWithTheProgramOnlyWhereAllSee) {
  const std::tuple<std::string_view, Leading> rows[] = {
      {"kubectl get", Leading::kYes},
      {"kubectl", Leading::kYes},
      {"get pods", Leading::kNo},
      {"", Leading::kNo},
      {" kubectl get", Leading::kUnclear},
      {"kubectlx get", Leading::kUnclear},
      {"'kubectl' get", Leading::kUnclear},
      {"kube'ctl' get", Leading::kUnclear},
      {"kubectl'' get", Leading::kUnclear},
      {"Kubectl get", Leading::kNo},
      {"kubectl=1 rm", Leading::kUnclear},
      {"get kubectl", Leading::kNo},
  };
  for (const auto& [line, expected] : rows) {
    const CommandLine split = SplitCommandLine(line, LineDialect::kQuoted);
    EXPECT_EQ(LeadingProgram(line, split, "kubectl"), expected) << line;
  }
}

// Lines of hostile pieces, those that the dialect accepts.
std::vector<std::string> Accepted(LineDialect dialect) {
  constexpr std::array<std::string_view, 25> kPieces = {
      "a",  "b",  " ",    " ",    "'",        "'", "\"", "\"", "\\",
      "|",  "$x", "*",    "#",    ";",        "~", "{",  "}",  "=",
      "-n", "!",  "\\\"", "\\\\", "\xc3\xa9", "`", "&"};
  std::mt19937 random(20261127);
  std::vector<std::string> lines;
  for (int i = 0; i < 60000 && lines.size() < 3000; ++i) {
    std::string line;
    const std::size_t pieces = random() % 9;
    for (std::size_t k = 0; k < pieces; ++k) {
      line += kPieces[random() % kPieces.size()];
    }
    if (SplitCommandLine(line, dialect).unclear.empty()) lines.push_back(line);
  }
  return lines;
}

// What `command` prints, given `input`; "" where it cannot be run.
std::string Output(const std::string& command, const std::string& input) {
  const std::string file = ::testing::TempDir() + "/gatehouse_command_line" +
                           std::to_string(getpid());
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(
      std::fopen(file.c_str(), "w"), std::fclose);
  std::fwrite(input.data(), 1, input.size(), in.get());
  std::fflush(in.get());
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(
      popen((command + " " + file + " 2>/dev/null").c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer;
  while (std::size_t n =
             std::fread(buffer.data(), 1, buffer.size(), out.get())) {
    text.append(buffer.data(), n);
  }
  std::remove(file.c_str());
  return text;
}

// Each line's words between < and >, a line end after each line.
std::string Expected(const std::vector<std::string>& lines, LineDialect d) {
  std::string text;
  for (const std::string& line : lines) {
    for (const std::string& word : SplitCommandLine(line, d).words) {
      text += "<" + word + ">";
    }
    text += "\n";
  }
  return text;
}

TEST(CommandLine, IsWhatTheShellMakesOfIt) {
  const std::vector<std::string> lines = Accepted(LineDialect::kShell);
  ASSERT_GT(lines.size(), 1000U);
  std::string script = "w() { for a; do printf '<%s>' \"$a\"; done; echo; }\n";
  for (const std::string& line : lines) script += "w " + line + "\n";
  EXPECT_EQ(Output("sh", script), Expected(lines, LineDialect::kShell));
}

TEST(CommandLine, IsWhatPythonMakesOfIt) {
  const std::vector<std::string> lines = Accepted(LineDialect::kQuoted);
  ASSERT_GT(lines.size(), 1000U);
  if (Output("python3 -c 'print(1)'", "").empty()) {
    std::puts("no python3: the shell has been asked alone");
    return;
  }
  std::string data;
  for (const std::string& line : lines) data += line + "\n";
  EXPECT_EQ(
      Output("python3 -c \"import shlex,sys\n"
             "o=sys.stdout.buffer\n"
             "for l in open(sys.argv[1],encoding='utf-8',newline='\\n'):\n"
             "  o.write((''.join('<'+w+'>' for w in shlex.split(l[:-1]))"
             "+'\\n').encode())\"",
             data),
      Expected(lines, LineDialect::kQuoted));
}

}  // namespace
}  // namespace gatehouse
