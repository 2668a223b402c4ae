// SPDX-License-Identifier: Apache-2.0
#include "cli/help_text.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "cli/output_width.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kIndent = 6;

// Each line from `kIndent` on, its words whole.
std::string Paragraph(const std::string& text) {
  const std::size_t width = OutputWidth();
  std::string out;
  std::size_t used = width;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (used + 1 + word.size() > width) {
      out += (out.empty() ? "" : "\n") + std::string(kIndent, ' ');
      used = kIndent;
    } else {
      out += ' ';
      ++used;
    }
    out += word;
    used += word.size();
  }
  return out + "\n";
}

// What stands for the option's word: "FILE|PRESET", "enforce|observe", "SIZE".
std::string WordOf(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  if (open != std::string::npos) {
    std::string words = type.substr(open + 1, type.find('}') - open - 1);
    std::replace(words.begin(), words.end(), ',', '|');
    return words;
  }
  const std::string word = type.substr(0, type.find(':'));
  if (word == "TEXT") return "WORD";
  return word == "UINT" || word == "INT" ? "NUMBER" : word;
}

bool MayBeGivenAgain(const CLI::Option& option) {
  return option.get_expected_max() >= CLI::detail::expected_max_vector_size;
}

// What the parser would put behind the option's name.
std::string Remarks(const CLI::Option& option) {
  std::vector<std::string> remarks;
  if (!option.get_default_str().empty()) {
    remarks.push_back(option.get_default_str() + " if left out");
  }
  if (!option.get_envname().empty()) {
    remarks.push_back("or set " + option.get_envname());
  }
  if (!option.get_positional() && MayBeGivenAgain(option)) {
    remarks.push_back("may be given again");
  }
  for (const CLI::Option* other : option.get_needs()) {
    remarks.push_back("only with " + other->get_name());
  }
  if (option.get_required()) remarks.push_back("required");
  std::string text;
  for (const std::string& remark : remarks) {
    text += (text.empty() ? " (" : "; ") + remark;
  }
  return text.empty() ? "" : text + ")";
}

class Formatter final : public CLI::Formatter {
 public:
  Formatter() {
    label("Positionals", "Words");
    label("OPTIONS", "OPTION...");
    label("SUBCOMMAND", "COMMAND");
  }

  std::string make_option(const CLI::Option* option,
                          bool is_positional) const override {
    std::string name = make_option_name(option, is_positional);
    std::replace(name.begin(), name.end(), ',', ' ');
    if (!is_positional && option->get_expected_max() != 0) {
      name += " " + WordOf(*option);
    }
    return "  " + name + "\n" +
           Paragraph(option->get_description() + Remarks(*option));
  }

  // A server's command line ends the options, whatever is in it.
  std::string make_option_usage(const CLI::Option* option) const override {
    const std::string name = make_option_name(option, true);
    if (name == "SERVER") return "-- SERVER [ARG...]";
    const std::string words =
        name + (option->get_expected_max() > 1 ? "..." : "");
    return option->get_required() ? words : "[" + words + "]";
  }

  std::string make_subcommands(const CLI::App* app,
                               CLI::AppFormatMode mode) const override {
    std::string text = CLI::Formatter::make_subcommands(app, mode);
    const std::string_view title = "\nSubcommands:\n";
    const std::size_t at = text.find(title);
    if (at != std::string::npos) {
      text.replace(at, title.size(), "\nCommands:\n");
    }
    return text;
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> HelpFormatter() {
  return std::make_shared<Formatter>();
}

}  // namespace gatehouse::cli
