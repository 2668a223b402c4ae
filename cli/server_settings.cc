// SPDX-License-Identifier: Apache-2.0
#include "cli/server_settings.h"

#include <algorithm>
#include <initializer_list>

namespace gatehouse::cli {
namespace {

constexpr std::string_view kOff[] = {"false", "f", "F", "FALSE", "False"};

bool IsOff(std::string_view value) {
  return std::find(std::begin(kOff), std::end(kOff), value) != std::end(kOff);
}

bool TakesValue(const ServerSetting& setting) {
  return !setting.values.empty() || setting.role == SettingRole::kKubeconfig ||
         setting.role == SettingRole::kKubeconfigText ||
         setting.role == SettingRole::kContext;
}

// "--port" with one dash, as Go's own flag package takes it too; "" of a name
// that is a variable's, or one letter.
std::string_view OneDash(std::string_view name) {
  return name.starts_with("--") ? name.substr(1) : std::string_view();
}

// Flags as pflag and most others read them: `--name value`, `--name=value`,
// one dash where the name is one letter, underscores for dashes. Where a
// server does not take one dash before a long name, it does not start.
bool IsFlagWord(std::string_view word, std::string_view name) {
  if (word.starts_with('-') && !word.starts_with("--") &&
      name.starts_with("--")) {
    name = OneDash(name);
  }
  const auto same = [](char a, char b) {
    return a == b || (a == '_' && b == '-');
  };
  return word.size() == name.size() &&
         std::equal(word.begin(), word.end(), name.begin(), same);
}

bool Hides(std::string_view word, const ServerSetting& setting,
           std::string_view name) {
  for (std::size_t at = word.find(name); at != std::string_view::npos;
       at = word.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const char before = at == 0 ? ' ' : word[at - 1];
    const char after = end == word.size() ? ' ' : word[end];
    const bool begins =
        std::string_view(" \t\n;&|('\"").find(before) != std::string_view::npos;
    const bool ends =
        std::string_view(" \t\n='\"").find(after) != std::string_view::npos;
    const bool whole_flag = setting.IsFlag() && at == 0;
    if (begins && ends && !whole_flag && (setting.IsFlag() || after == '=')) {
      return true;
    }
  }
  return false;
}

// A word of a shell's command line, or of `env NAME=VALUE server`.
bool Hides(std::string_view word, const ServerSetting& setting) {
  const std::string_view short_name = OneDash(setting.name);
  return Hides(word, setting, setting.name) ||
         (!short_name.empty() && Hides(word, setting, short_name));
}

class SettingFinder {
 public:
  explicit SettingFinder(const ServerCommand& command) : command_(command) {}

  std::optional<GivenSetting> Find(const ServerSetting& setting) const {
    const auto& argv = command_.argv;
    for (std::size_t i = 1; i < argv.size(); ++i) {
      if (Hides(argv[i], setting)) return GivenSetting{setting, "", i, true};
    }
    return setting.IsFlag() ? FindFlag(setting) : FindVariable(setting);
  }

 private:
  std::optional<GivenSetting> FindVariable(const ServerSetting& setting) const {
    const std::optional<std::string> value = command_.variable(setting.name);
    if (!value || !setting.Concerns(*value)) return std::nullopt;
    const bool blank = value->find_first_not_of(" \t\r\n") == std::string::npos;
    if (blank && TakesValue(setting)) return std::nullopt;
    return GivenSetting{setting, *value, 0, false};
  }

  std::optional<GivenSetting> FindFlag(const ServerSetting& setting) const {
    std::optional<GivenSetting> found;
    const auto& argv = command_.argv;
    for (std::size_t i = 1; i < argv.size(); ++i) {
      const std::string_view word = argv[i];
      const std::size_t equals = word.find('=');
      if (!IsFlagWord(word.substr(0, equals), setting.name)) continue;
      GivenSetting given{setting, "", i, false};
      if (equals != std::string_view::npos) {
        given.value = word.substr(equals + 1);
        if (given.value.empty()) continue;
      } else if (TakesValue(setting) && i + 1 < argv.size()) {
        given.word = i + 1;
        given.value = argv[i + 1];
      }
      const bool off = !TakesValue(setting) && IsOff(given.value);
      const bool other =
          !setting.values.empty() && !setting.Concerns(given.value);
      if (!off && !other) found = given;
    }
    return found;
  }

  const ServerCommand& command_;
};

std::string ForWhat(SettingRole role) {
  switch (role) {
    case SettingRole::kCluster:
      return "chooses a cluster or credentials past the kubeconfig";
    case SettingRole::kNetwork:
      return "opens a network transport that gatehouse does not guard";
    case SettingRole::kUnsafe:
      return "lifts the server's own guards or starts programs";
    case SettingRole::kOneContext:
      return "sends every call to the current context, and several are in "
             "scope";
    case SettingRole::kKubeconfig:
    case SettingRole::kKubeconfigText:
    case SettingRole::kContext:
    case SettingRole::kInCluster:
    case SettingRole::kDrop:
      return "stands where gatehouse cannot put its own value";
  }
  return "";
}

std::string Refusal(const GivenSetting& given) {
  std::string sentence = "the server's setting " + given.setting.name + " " +
                         ForWhat(given.setting.role) + ": leave it out";
  if (given.setting.role == SettingRole::kOneContext) {
    return sentence + ", or choose one context with --context";
  }
  if (given.hidden) {
    sentence +=
        ", or set it in the environment of gatehouse or among the "
        "server's own words";
  }
  return sentence + ", or allow it by name in the policy (serverSettings: [" +
         given.setting.name + "])";
}

bool IsRefused(const GivenSetting& given, const SettingsJudge& judge) {
  switch (given.setting.role) {
    case SettingRole::kCluster:
    case SettingRole::kNetwork:
    case SettingRole::kUnsafe:
      return true;
    case SettingRole::kOneContext:
      return judge.contexts_in_scope > 1;
    case SettingRole::kKubeconfig:
    case SettingRole::kKubeconfigText:
    case SettingRole::kContext:
    case SettingRole::kInCluster:
    case SettingRole::kDrop:
      return given.hidden;
  }
  return true;
}

void PutCopy(const GivenSetting& given, const std::string& copy,
             ChildSpec& spec) {
  if (!given.setting.IsFlag()) {
    spec.environment.push_back({given.setting.name, copy});
    return;
  }
  std::string& word = spec.argv[given.word];
  const std::size_t equals = word.find('=');
  const bool joined = IsFlagWord(word.substr(0, equals), given.setting.name);
  word = joined ? word.substr(0, equals + 1) + copy : copy;
}

// By the program's base name.
bool RunsOneOf(const std::vector<std::string>& argv,
               std::initializer_list<std::string_view> names) {
  if (argv.empty()) return false;
  const std::string_view path = argv[0];
  const std::string_view program = path.substr(path.rfind('/') + 1);
  return std::find(names.begin(), names.end(), program) != names.end();
}

}  // namespace

std::vector<GivenSetting> FindSettings(
    const std::vector<ServerSetting>& settings, const ServerCommand& command) {
  const SettingFinder finder(command);
  std::vector<GivenSetting> given;
  for (const ServerSetting& setting : settings) {
    if (auto found = finder.Find(setting)) given.push_back(*std::move(found));
  }
  return given;
}

const GivenSetting* FirstOf(const std::vector<GivenSetting>& given,
                            SettingRole role) {
  const auto found = std::find_if(
      given.begin(), given.end(),
      [role](const auto& each) { return each.setting.role == role; });
  return found == given.end() ? nullptr : &*found;
}

std::string RefusedSetting(const std::vector<GivenSetting>& given,
                           const SettingsJudge& judge) {
  for (const GivenSetting& each : given) {
    if (!IsRefused(each, judge) || judge.allowed(each.setting.name)) continue;
    return Refusal(each);
  }
  return "";
}

ChildSpec WithCopy(const ServerCommand& command,
                   const std::vector<GivenSetting>& given,
                   const std::string& copy) {
  ChildSpec spec;
  spec.argv = command.argv;
  for (const GivenSetting& each : given) {
    switch (each.setting.role) {
      case SettingRole::kKubeconfig:
        if (!each.hidden) PutCopy(each, copy, spec);
        break;
      case SettingRole::kKubeconfigText:
      case SettingRole::kContext:
      case SettingRole::kDrop:
        if (each.setting.IsFlag() || each.hidden) break;
        spec.environment.push_back({each.setting.name, std::nullopt});
        break;
      case SettingRole::kOneContext:
      case SettingRole::kInCluster:
      case SettingRole::kCluster:
      case SettingRole::kNetwork:
      case SettingRole::kUnsafe:
        break;
    }
  }
  return spec;
}

std::string AddRequired(const std::vector<ServerSetting>& settings,
                        const std::vector<GivenSetting>& given,
                        const std::string& copy, ChildSpec& spec) {
  for (const ServerSetting& setting : settings) {
    const bool stands = std::any_of(
        given.begin(), given.end(),
        [&](const auto& each) { return each.setting.name == setting.name; });
    if (!setting.required || stands) continue;
    if (RunsOneOf(spec.argv, {"sh", "bash", "dash", "zsh", "env"})) {
      return "this server reads no KUBECONFIG, and " + setting.name +
             " cannot be put into a shell's words: start it directly";
    }
    spec.argv.push_back(setting.name + "=" + copy);
  }
  return "";
}

bool RunsElsewhere(const std::vector<std::string>& argv) {
  return RunsOneOf(argv, {"docker", "podman", "nerdctl", "kubectl", "ssh"});
}

}  // namespace gatehouse::cli
