// SPDX-License-Identifier: Apache-2.0
#include "cli/suggestion.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>
#include <utility>

#include "policy/issue.h"

namespace gatehouse::cli {
namespace {

std::string Suggestion(std::string_view word,
                       const std::vector<std::string>& known,
                       const std::string& help) {
  const std::string_view nearest =
      NearestWord(word, {known.begin(), known.end()});
  if (nearest.empty()) return "; `" + help + " --help` shows what there is";
  return "; did you mean \"" + std::string(nearest) + "\"?";
}

const CLI::App* CommandOf(const CLI::App& app, const std::string& word) {
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    if (command->get_name() == word) return command;
  }
  return nullptr;
}

std::string WhyNoCommand(const NamedCommand& named) {
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
std::string WhyNoOption(const NamedCommand& named) {
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

}  // namespace

NamedCommand CommandNamedBy(const CLI::App& root,
                            std::vector<std::string> words) {
  NamedCommand named{&root, root.get_name(), {}};
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

std::string WhyNotParsed(const NamedCommand& named,
                         const CLI::ParseError& error) {
  if (named.app->get_require_subcommand_min() > 0) {
    return named.rest.empty() ? "" : WhyNoCommand(named);
  }
  const bool extras = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  return extras ? WhyNoOption(named) : "";
}

}  // namespace gatehouse::cli
