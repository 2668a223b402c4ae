// SPDX-License-Identifier: Apache-2.0
// pflag's rules, measured with kubectl 1.32 and 1.35, helm 3.17 to 4.2: "--name
// value", "--name=value", "-n value", "-nvalue", "-n=value", grouped shorts,
// booleans that never take the next word; with kubectl "_" is read as "-" in
// long names.
#include "policy/kubernetes/command_arguments.h"

#include <algorithm>
#include <utility>

namespace gatehouse {
namespace {

class Parser {
 public:
  Parser(const std::vector<std::string>& argv, const CommandTable& table)
      : argv_(argv), table_(table) {}

  CommandArguments Run() {
    FindCommand();
    while (at_ < argv_.size() && !parsed_.unclear) Step();
    return std::move(parsed_);
  }

 private:
  void Refuse(std::string reason) {
    if (!parsed_.unclear) parsed_.unclear = Unclear{std::move(reason), ""};
  }

  // cobra's Find: at each level the first word that is neither a flag nor,
  // going by the flags of that level, a flag's value names the next command
  // and is taken out; what is left is parsed with the last command's flags. So
  // a subcommand is found after flags and "-o json get pods" is a get, while
  // "-A get pods" looks for a command "pods".
  void FindCommand() {
    while (true) {
      const std::size_t at = FirstWord();
      // "set env" as one word is the name of a plugin, if anything.
      if (at == argv_.size() || argv_[at].find(' ') != std::string::npos) break;
      const std::string path =
          path_.empty() ? argv_[at] : path_ + " " + argv_[at];
      const CommandRow* command = table_.Find(path);
      if (command == nullptr && !table_.IsGroup(path)) break;
      path_ = path;
      parsed_.command = command;
      argv_.erase(argv_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    if (parsed_.command != nullptr) return;
    Refuse((path_.empty() ? "no command of " : "an incomplete command of ") +
           table_.program());
  }

  std::size_t FirstWord() const {
    for (std::size_t i = 0; i < argv_.size(); ++i) {
      const std::string& token = argv_[i];
      if (token == "--") break;
      if (SkipsNext(token)) {
        ++i;
      } else if (!token.empty() && token[0] != '-') {
        return i;
      }
    }
    return argv_.size();
  }

  // Whether cobra takes the word after this one for its value; it does so for
  // flags that it does not know at this level too.
  bool SkipsNext(const std::string& token) const {
    if (std::ranges::find(token, '=') != token.end()) return false;
    const CommandFlag* flag = nullptr;
    if (token.starts_with("--")) {
      flag = Lookup(NormalName(token.substr(2)));
    } else if (token.size() == 2 && token[0] == '-') {
      flag = LookupShort(token[1]);
    } else {
      return false;
    }
    return flag == nullptr || flag->name == "help" || flag->takes_value;
  }

  std::string NormalName(std::string name) const {
    if (table_.reads_underscores()) {
      std::replace(name.begin(), name.end(), '_', '-');
    }
    return name;
  }

  void Step() {
    const std::string& token = argv_[at_++];
    if (parsed_.has_rest) {
      parsed_.rest.push_back(token);
    } else if (token == "--") {
      parsed_.has_rest = true;
    } else if (token.starts_with("--")) {
      LongFlag(token);
    } else if (token.size() > 1 && token[0] == '-') {
      ShortFlags(token);
    } else {
      parsed_.words.push_back(token);
    }
  }

  const CommandFlag* Lookup(std::string_view name) const {
    const CommandFlag* own =
        parsed_.command == nullptr ? nullptr : parsed_.command->FindFlag(name);
    return own != nullptr ? own : table_.global().FindFlag(name);
  }
  const CommandFlag* LookupShort(char name) const {
    const CommandFlag* own =
        parsed_.command == nullptr ? nullptr : parsed_.command->FindShort(name);
    return own != nullptr ? own : table_.global().FindShort(name);
  }

  void LongFlag(const std::string& token) {
    const std::size_t equals = token.find('=');
    const std::size_t end = equals == std::string::npos ? token.size() : equals;
    const CommandFlag* flag = Lookup(NormalName(token.substr(2, end - 2)));
    if (flag == nullptr) {
      Refuse("an unknown flag of " + table_.program());
    } else if (equals != std::string::npos) {
      Give(*flag, token.substr(equals + 1));
    } else {
      GiveBare(*flag);
    }
  }

  // "-Rnkube-system": a flag with a value takes what is left of the token.
  void ShortFlags(const std::string& token) {
    for (std::size_t i = 1; i < token.size(); ++i) {
      const CommandFlag* flag = LookupShort(token[i]);
      if (flag == nullptr)
        return Refuse("an unknown flag of " + table_.program());
      const std::string left = token.substr(i + 1);
      if (left.size() > 1 && left[0] == '=') return Give(*flag, left.substr(1));
      if (flag->takes_value && !left.empty()) return Give(*flag, left);
      GiveBare(*flag);
      if (parsed_.unclear) return;
    }
  }

  void GiveBare(const CommandFlag& flag) {
    if (!flag.takes_value) {
      // "--dry-run" alone means what kubectl's NoOptDefVal says.
      parsed_.flags.push_back({&flag, flag.optional_value ? "" : "true", true});
    } else if (at_ < argv_.size()) {
      Give(flag, argv_[at_++]);
    } else {
      Refuse("a flag without its value");
    }
  }

  void Give(const CommandFlag& flag, std::string value) {
    if (!flag.takes_value && !flag.optional_value) {
      const std::optional<bool> on = ParseFlagBool(value);
      if (!on) return Refuse("a switch that is neither on nor off");
      value = *on ? "true" : "false";
    }
    parsed_.flags.push_back({&flag, std::move(value), false});
  }

  std::vector<std::string> argv_;  // without the command's own words
  const CommandTable& table_;
  std::size_t at_ = 0;
  std::string path_;
  CommandArguments parsed_;
};

}  // namespace

std::optional<bool> ParseFlagBool(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

const std::string* CommandArguments::Value(std::string_view flag) const {
  const std::string* value = nullptr;
  for (const GivenFlag& given : flags) {
    if (given.flag->name == flag) value = &given.value;
  }
  return value;
}

const GivenFlag* CommandArguments::OfRole(FlagRole role) const {
  const GivenFlag* last = nullptr;
  for (const GivenFlag& given : flags) {
    if (given.flag->role == role) last = &given;
  }
  return last;
}

bool CommandArguments::IsOn(std::string_view flag) const {
  const std::string* value = Value(flag);
  return value != nullptr && *value != "false";
}

CommandArguments ParseCommand(const std::vector<std::string>& argv,
                              const CommandTable& table) {
  return Parser(argv, table).Run();
}

}  // namespace gatehouse
