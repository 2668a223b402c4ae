// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a command says what it takes and what it does. CLI11 does the work, in
// one file: its header makes objects in each file that includes it, which costs
// the build seconds of each and the program their making at each start.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace gatehouse::cli {

// What a command does; returns the exit code.
using Action = std::function<int()>;

// One option of a command: a handle, to be copied; the CommandLine owns what it
// stands for.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  // The only words that it takes.
  Option OneOf(std::vector<std::string> words) const;
  // "" where the word will do, else what is wrong with it.
  Option Check(std::function<std::string(const std::string&)> check) const;
  // Takes 16M and the like for a number, of 1,024 each.
  Option AsSize() const;
  // Must name a file that is there.
  Option ExistingFile() const;
  Option AtLeastAndMost(int least, int most) const;  // words
  // May be given again, one word each time.
  Option OneWordEach() const;
  Option Required() const;
  // Only together with that one.
  Option Needs(const Option& other) const;
  // Taken from there where it is not given.
  Option Environment(const std::string& variable) const;
  // What --help calls its word, its default and its group.
  Option Word(const std::string& name) const;
  Option ShowDefault() const;
  Option ShowDefault(const std::string& text) const;
  Option Group(const std::string& name) const;

 private:
  CLI::Option* option_;
};

// One command: a handle likewise.
class Command {
 public:
  Command(CLI::App* app, Action* action) : app_(app), action_(action) {}

  Command AddCommand(const std::string& name, const std::string& help) const;
  // `names` as typed ("-n,--lines"), or SHOUTED for what stands by itself.
  // `value` holds the default and must outlive the parsing: `Do` keeps it.
  Option Add(const std::string& names, std::string& value,
             const std::string& help) const;
  Option Add(const std::string& names, std::optional<std::string>& value,
             const std::string& help) const;
  Option Add(const std::string& names, std::vector<std::string>& value,
             const std::string& help) const;
  Option Add(const std::string& names, std::uint64_t& value,
             const std::string& help) const;
  Option Add(const std::string& names, std::optional<std::uint64_t>& value,
             const std::string& help) const;
  Option AddFlag(const std::string& names, bool& value,
                 const std::string& help) const;
  // What --help ends with.
  void Footer(const std::string& text) const;
  void Hide() const;
  // One of its commands must be named.
  void NeedsCommand() const;
  // What is done where this command, and none of its own, is named.
  void Do(Action action) const;

  // "audit list --decision deny": as it was typed, but for --db and the
  // program's name.
  std::string Spoken() const;

 private:
  CLI::App* app_;
  Action* action_;
};

// The whole: owns every command and option.
class CommandLine {
 public:
  CommandLine(const std::string& name, const std::string& description);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  ~CommandLine();

  Command root();
  // --version prints that.
  void Version(std::function<std::string()> text);
  std::string Help() const;
  // Does what the words name; the exit code. What is wrong with them, or the
  // help that they ask for, is printed.
  int Run(int argc, const char* const* argv);

 private:
  std::unique_ptr<CLI::App> app_;
  Action action_;
};

}  // namespace gatehouse::cli
