// SPDX-License-Identifier: Apache-2.0
#include "cli/command_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <utility>

#include "cli/command.h"
#include "policy/issue.h"

namespace gatehouse::cli {
namespace {

// As a shell would need it, so that the words stay apart.
std::string Quoted(const std::string& word) {
  const bool plain =
      !word.empty() && word.find_first_of(" \t\n\"'\\") == std::string::npos;
  return plain ? word : "'" + word + "'";
}

// CLI11 reads -1 as 2^64 - 1, and SQLite takes no such number.
std::string WhyNoCount(const std::string& word) {
  return word.starts_with('-') ? word + " is below 0" : "";
}

std::string Suggestion(std::string_view word,
                       const std::vector<std::string>& known,
                       const std::string& help) {
  const std::string_view nearest =
      NearestWord(word, {known.begin(), known.end()});
  if (nearest.empty()) return "; `" + help + " --help` shows what there is";
  return "; did you mean \"" + std::string(nearest) + "\"?";
}

// The command that the words name, as far as they do, and how many they are.
struct Named {
  const CLI::App* app = nullptr;
  std::string spoken;  // "gatehouse audit"
  std::vector<std::string> rest;
};

const CLI::App* CommandOf(const CLI::App& app, const std::string& word) {
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    if (command->get_name() == word) return command;
  }
  return nullptr;
}

Named NamedBy(const CLI::App& root, std::vector<std::string> words) {
  Named named{&root, root.get_name(), {}};
  std::size_t used = 0;
  while (used < words.size()) {
    const CLI::App* next = CommandOf(*named.app, words[used]);
    if (next == nullptr) break;
    named.app = next;
    named.spoken += " " + words[used++];
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(used));
  named.rest = std::move(words);
  return named;
}

std::string WhyNoCommand(const Named& named) {
  const std::string& word = named.rest.front();
  if (word.starts_with('-')) {
    return "there is no option \"" + word + "\" here" +
           Suggestion(word, {"--help", "--version"}, named.spoken);
  }
  std::vector<std::string> known;
  for (const CLI::App* command : named.app->get_subcommands(nullptr)) {
    if (!command->get_group().empty()) known.push_back(command->get_name());
  }
  return "there is no command \"" + word + "\"" +
         Suggestion(word, known, named.spoken);
}

bool IsNumber(std::string_view word) {
  return word.size() > 1 && word[1] >= '0' && word[1] <= '9';
}

// A misspelt option takes no word, so that the one behind it, or the server's,
// is what the parser stumbles over: the option itself is what is named. ""
// where there is none.
std::string WhyNoOption(const Named& named) {
  std::vector<std::string> known;
  for (const CLI::Option* option : named.app->get_options()) {
    for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    for (const auto& name : option->get_snames()) known.push_back("-" + name);
  }
  for (const std::string& word : named.rest) {
    if (word == "--") break;
    if (word.size() < 2 || word[0] != '-' || IsNumber(word)) continue;
    // "--limit=3", "-n3".
    const std::string name = word.starts_with("--")
                                 ? word.substr(0, word.find('='))
                                 : word.substr(0, 2);
    if (std::ranges::find(known, name) != known.end()) continue;
    return "there is no option \"" + name + "\"" +
           Suggestion(name, known, named.spoken);
  }
  return "";
}

// What is wrong with the words; "" where the parser's own sentence says it.
std::string WhyNot(const Named& named, const CLI::ParseError& error) {
  if (named.app->get_require_subcommand_min() > 0) {
    return named.rest.empty() ? "" : WhyNoCommand(named);
  }
  const bool extras = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  return extras ? WhyNoOption(named) : "";
}

}  // namespace

Option Option::OneOf(std::vector<std::string> words) const {
  option_->check(CLI::IsMember(std::move(words)));
  return *this;
}

Option Option::Check(
    std::function<std::string(const std::string&)> check) const {
  option_->check(CLI::Validator(
      [check = std::move(check)](const std::string& word) {
        return check(word);
      },
      ""));
  return *this;
}

Option Option::AsSize() const {
  // CLI11's reader is made when there is a size to read: its table of units
  // takes longer to fill than ten options to declare.
  option_->transform(CLI::Validator(
      [](std::string& text) {
        return CLI::AsSizeValue(/*kb_is_1000=*/false)(text);
      },
      "SIZE [b, kb(=1024b), ...]"));
  return *this;
}

Option Option::ExistingFile() const {
  option_->check(CLI::ExistingFile);
  return *this;
}

Option Option::AtLeastAndMost(int least, int most) const {
  option_->expected(least, most);
  return *this;
}

Option Option::OneWordEach() const {
  option_->allow_extra_args(false);
  return *this;
}

Option Option::Required() const {
  option_->required();
  return *this;
}

Option Option::Needs(const Option& other) const {
  option_->needs(other.option_);
  return *this;
}

Option Option::Environment(const std::string& variable) const {
  option_->envname(variable);
  return *this;
}

Option Option::Word(const std::string& name) const {
  option_->type_name(name);
  return *this;
}

Option Option::ShowDefault() const {
  option_->capture_default_str();
  return *this;
}

Option Option::ShowDefault(const std::string& text) const {
  option_->default_str(text);
  return *this;
}

Option Option::Group(const std::string& name) const {
  option_->group(name);
  return *this;
}

Command Command::AddCommand(const std::string& name,
                            const std::string& help) const {
  return {app_->add_subcommand(name, help), action_};
}

Option Command::Add(const std::string& names, std::string& value,
                    const std::string& help) const {
  return Option(app_->add_option(names, value, help));
}

Option Command::Add(const std::string& names, std::optional<std::string>& value,
                    const std::string& help) const {
  return Option(app_->add_option(names, value, help));
}

Option Command::Add(const std::string& names, std::vector<std::string>& value,
                    const std::string& help) const {
  return Option(app_->add_option(names, value, help));
}

Option Command::Add(const std::string& names, std::uint64_t& value,
                    const std::string& help) const {
  return Option(app_->add_option(names, value, help)).Check(WhyNoCount);
}

Option Command::Add(const std::string& names,
                    std::optional<std::uint64_t>& value,
                    const std::string& help) const {
  return Option(app_->add_option(names, value, help)).Check(WhyNoCount);
}

Option Command::AddFlag(const std::string& names, bool& value,
                        const std::string& help) const {
  return Option(app_->add_flag(names, value, help));
}

void Command::Footer(const std::string& text) const { app_->footer(text); }

void Command::Hide() const { app_->group(""); }

void Command::NeedsCommand() const { app_->require_subcommand(1); }

void Command::Do(Action action) const {
  app_->callback([app = app_, chosen = action_, action = std::move(action)] {
    if (app->get_subcommands().empty()) *chosen = action;
  });
}

std::string Command::Spoken() const {
  std::string text = app_->get_name();
  const CLI::App* parent = app_->get_parent();
  if (parent != nullptr && parent->get_parent() != nullptr) {
    text = parent->get_name() + " " + text;
  }
  for (const CLI::Option* option : std::as_const(*app_).get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || name == "--db") continue;
    if (name.starts_with('-')) text += " " + name;
    if (option->get_expected_max() == 0) continue;  // a flag
    for (const std::string& word : option->results()) {
      text += " " + Quoted(word);
    }
  }
  return text;
}

CommandLine::CommandLine(const std::string& name,
                         const std::string& description)
    : app_(std::make_unique<CLI::App>(description, name)) {}

CommandLine::~CommandLine() = default;

Command CommandLine::root() { return {app_.get(), &action_}; }

void CommandLine::Version(std::function<std::string()> text) {
  app_->set_version_flag("--version", std::move(text));
}

std::string CommandLine::Help() const { return app_->help(); }

int CommandLine::Run(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // the help, or the version
      app_->exit(error);
      return kExitDone;
    }
    const Named named = NamedBy(*app_, {argv + std::min(argc, 1), argv + argc});
    if (named.app->get_require_subcommand_min() > 0 && named.rest.empty()) {
      // CLI11 adds the command's own name to what stands before it.
      const std::size_t before =
          std::min(named.spoken.rfind(' '), named.spoken.size());
      std::cerr << named.app->help(
          named.app == app_.get() ? "" : named.spoken.substr(0, before));
      return kExitMisuse;
    }
    const std::string why = WhyNot(named, error);
    std::cerr << app_->get_name() << ": "
              << (why.empty() ? std::string(error.what()) + "; `" +
                                    named.spoken + " --help` shows the form"
                              : why)
              << "\n";
    return kExitMisuse;
  }
  return action_ ? action_() : kExitDone;
}

}  // namespace gatehouse::cli
