// SPDX-License-Identifier: Apache-2.0
#include "cli/command_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <utility>

#include "cli/command.h"
#include "cli/help_text.h"
#include "cli/suggestion.h"

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
    : app_(std::make_unique<CLI::App>(description, name)) {
  app_->formatter(HelpFormatter());
  app_->set_help_flag("-h,--help", "Says this");
}

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
    const NamedCommand named =
        CommandNamedBy(*app_, {argv + std::min(argc, 1), argv + argc});
    if (named.app->get_require_subcommand_min() > 0 && named.rest.empty()) {
      // CLI11 adds the command's own name to what stands before it.
      const std::size_t before =
          std::min(named.spoken.rfind(' '), named.spoken.size());
      std::cerr << named.app->help(
          named.app == app_.get() ? "" : named.spoken.substr(0, before));
      return kExitMisuse;
    }
    const std::string why = WhyNotParsed(named, error);
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
