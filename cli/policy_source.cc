// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_source.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <utility>

#include "cli/paths.h"
#include "cli/plain_file.h"
#include "cli/zone_file.h"
#include "policy/embedded.h"
#include "policy/lint.h"
#include "policy/rule_compiler.h"
#include "policy/rule_reader.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDefaultPreset = "read-only";
constexpr std::string_view kPresetFolder = "presets/";

std::optional<EmbeddedFile> FindPreset(std::string_view name) {
  return FindEmbedded(std::string(kPresetFolder) + std::string(name) + ".yaml");
}

std::vector<std::string_view> Presets() {
  std::vector<std::string_view> names;
  for (const EmbeddedFile& file : EmbeddedFiles()) {
    if (!file.path.starts_with(kPresetFolder)) continue;
    std::string_view name = file.path.substr(kPresetFolder.size());
    name.remove_suffix(std::string_view(".yaml").size());
    names.push_back(name);
  }
  return names;
}

std::string PresetNames() {
  std::string names;
  for (const std::string_view name : Presets()) {
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return names;
}

// A preset's name holds neither "/" nor "."; a file of that name is "./NAME".
bool LooksLikePreset(std::string_view name) {
  return name.find_first_of("/.") == std::string_view::npos;
}

Result<SourceText> ReadPolicyFile(const std::string& path) {
  auto text = ReadPlainFile(path);
  if (text.ok()) return SourceText{path, std::move(text).value()};
  if (text.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kNotFound, "there is no policy file " + path +
                                           "; the presets are " +
                                           PresetNames()};
  }
  return Error{text.error().code,
               "the policy " + path + " " + text.error().sentence};
}

Result<SourceText> ReadPreset(std::string_view name) {
  if (const auto preset = FindPreset(name)) {
    return SourceText{"preset " + std::string(name), std::string(preset->text),
                      preset->packed};
  }
  const std::string_view nearest = NearestWord(name, Presets());
  return Error{
      ErrorCode::kNotFound,
      "there is no preset \"" + std::string(name) + "\"; " +
          (nearest.empty() ? "the presets are " + PresetNames()
                           : "did you mean \"" + std::string(nearest) + "\"?")};
}

// `extends`: a preset, or a path relative to the file that it stands in; ""
// for a preset.
std::string ExtendedPath(std::string_view name, std::string_view from) {
  if (LooksLikePreset(name)) return "";
  const fs::path path = fs::path(from).parent_path() / fs::path(name);
  return path.lexically_normal().string();
}

// Reads all files of a policy, and remembers which, as they were before.
class Loader {
 public:
  explicit Loader(LoadedPolicy& loaded) : loaded_(loaded) {}

  Result<SourceText> File(const std::string& path) {
    Note(path);
    auto text = ReadPolicyFile(path);
    if (text.ok()) LintMode(text.value());
    return text;
  }

  // The file of --policy, else the user's own, else the preset read-only.
  Result<SourceText> Outermost(const std::string& named) {
    if (!named.empty()) return Named(named);
    const std::string own = DefaultPolicy();
    std::error_code ignored;
    if (!own.empty() && fs::exists(own, ignored)) return File(own);
    return ReadPreset(kDefaultPreset);
  }

  std::vector<RuleFile> Resolve(const SourceText& outermost) {
    return ResolveExtends(
        ReadRules(outermost, loaded_.issues),
        [this](std::string_view name, std::string_view from) {
          const std::string path = ExtendedPath(name, from);
          return path.empty() ? ReadPreset(name) : File(path);
        },
        loaded_.issues);
  }

  // Empty where there is no system policy; nullopt, and the error noted, where
  // it may not be believed.
  std::optional<std::vector<RuleFile>> System(const SystemPolicyPlace& place) {
    Note(place.path);
    const auto text = ReadSystemPolicy(place);
    if (!text.ok()) {
      loaded_.error = text.error().sentence;
      return std::nullopt;
    }
    if (!text.value()) return std::vector<RuleFile>();
    return ResolveExtends(
        ReadRules(*text.value(), loaded_.issues),
        [&](std::string_view name, std::string_view from) {
          const std::string path = ExtendedPath(name, from);
          if (path.empty()) return ReadPreset(name);
          Note(path);
          return ReadSystemFile(path, place.owner);
        },
        loaded_.issues);
  }

 private:
  Result<SourceText> Named(const std::string& name) {
    if (FindPreset(name)) return ReadPreset(name);
    std::error_code ignored;
    if (!LooksLikePreset(name) || fs::exists(name, ignored)) return File(name);
    return ReadPreset(name);
  }

  void Note(const std::string& path) {
    loaded_.files.push_back(path);
    loaded_.stamps.push_back(StampsOf({path}).front());
  }

  void LintMode(const SourceText& source) {
    struct stat status {};
    constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;
    if (stat(source.name.c_str(), &status) == 0 &&
        (status.st_mode & kOthersWrite) != 0) {
      LintWritable(source, loaded_.issues);
    }
  }

  LoadedPolicy& loaded_;
};

std::string WhyNoSetting(const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos) {
    return "--set takes NAME=VALUE[,VALUE...], not \"" + setting + "\"";
  }
  // An empty namespace is the cluster scope: not to be opened by a script's
  // variable that is not set ("scope.namespaces=$TEAM,dev").
  const std::string values = "," + setting.substr(equals + 1) + ",";
  if (values == ",," || values.find(",,") == std::string::npos) return "";
  return "\"" + setting + "\" has an empty value; leave it out, or say it " +
         "alone if it is meant (--set " + setting.substr(0, equals + 1) + ")";
}

// "scope.namespaces=dev,team-*" into the compiler's form; "" or why not.
std::string ReadSettings(const std::vector<std::string>& settings,
                         CompileOptions& options) {
  for (const std::string& setting : settings) {
    if (std::string why = WhyNoSetting(setting); !why.empty()) return why;
    const std::size_t equals = setting.find('=');
    auto& values = options.settings[setting.substr(0, equals)];
    std::istringstream list(setting.substr(equals + 1));
    for (std::string value; std::getline(list, value, ',');) {
      values.push_back(value);
    }
    // "scope.namespaces=" is the cluster scope alone, as `[""]` is in a file.
    if (values.empty()) values.emplace_back();
  }
  return "";
}

CompileOptions OptionsOf(const PolicyChoice& choice) {
  CompileOptions options;
  options.current_context = choice.current_context;
  options.only_context = choice.only_context;
  options.lint = choice.lint;
  options.lacks_settings = choice.lacks_settings;
  options.zones = ReadZoneFile;
  options.now = std::chrono::system_clock::now();
  if (!choice.mode.empty()) {
    options.mode = choice.mode == "observe" ? Mode::kObserve : Mode::kEnforce;
  }
  return options;
}

}  // namespace

std::string LoadedPolicy::Faults() const {
  std::string text = error;
  for (const Issue& issue : issues.items()) {
    text += (text.empty() ? "" : "\n") + Render(issue);
  }
  return text;
}

std::string LoadedPolicy::FirstFault() const {
  if (!error.empty()) return error;
  constexpr std::string_view kMissing = "P013";  // policy/fault.h
  const Issue* first = nullptr;
  std::size_t count = 0;
  for (const Issue& issue : issues.items()) {
    if (issue.severity != Severity::kError) continue;
    ++count;
    // What is missing is often what stands there misspelt.
    const bool better =
        first == nullptr || (first->code == kMissing && issue.code != kMissing);
    if (better) first = &issue;
  }
  if (first == nullptr) return "";
  std::string line = Render(*first);
  line.resize(std::min(line.find('\n'), line.size()));
  if (count == 1) return line;
  constexpr std::string_view kPreset = "preset ";
  const std::string name =
      origin.starts_with(kPreset) ? origin.substr(kPreset.size()) : origin;
  return line + " (and " + std::to_string(count - 1) +
         " more: gatehouse policy check " + name + " shows them)";
}

void AddPolicyOptions(Command command, PolicyChoice& choice) {
  command
      .Add("--policy", choice.policy,
           "A policy file or a preset (" + PresetNames() +
               "); your own policy file or read-only if left out")
      .Environment("GATEHOUSE_POLICY")
      .Word("FILE|PRESET");
  command
      .Add("--set", choice.settings,
           "A setting of the policy: scope.namespaces=dev,team-* or "
           "scope.contexts=dev")
      .Check(WhyNoSetting)
      .Word("NAME=VALUES")
      .OneWordEach();
  command
      .Add("--mode", choice.mode,
           "enforce, or observe: record what would be refused, and "
           "forward it")
      .OneOf({"enforce", "observe"});
}

LoadedPolicy ReadPolicy(const PolicyChoice& choice) {
  LoadedPolicy loaded;
  CompileOptions options = OptionsOf(choice);
  loaded.error = ReadSettings(choice.settings, options);
  if (!loaded.error.empty()) return loaded;
  Loader loader(loaded);
  auto system = loader.System(choice.system);
  if (!system) return loaded;
  options.system = *std::move(system);
  const auto source = loader.Outermost(choice.policy);
  if (!source.ok()) {
    loaded.error = source.error().sentence;
    return loaded;
  }
  loaded.origin = source.value().name;
  loaded.rule_files = loader.Resolve(source.value());
  loaded.options = std::move(options);
  return loaded;
}

void CompilePolicy(const PolicyChoice& choice, LoadedPolicy& loaded) {
  if (!loaded.error.empty()) return;
  loaded.engine = CompileRules(loaded.rule_files, choice.tables, loaded.options,
                               loaded.issues);
  if (loaded.issues.HasErrors()) loaded.engine = nullptr;
  loaded.issues.Sort();
}

LoadedPolicy LoadPolicy(const PolicyChoice& choice) {
  LoadedPolicy loaded = ReadPolicy(choice);
  CompilePolicy(choice, loaded);
  return loaded;
}

LoadedPolicy LoadSystemPolicy(const PolicyChoice& choice) {
  LoadedPolicy loaded;
  Loader loader(loaded);
  const auto source = loader.Outermost(choice.policy);
  if (!source.ok()) {
    loaded.error = source.error().sentence;
    return loaded;
  }
  loaded.origin = source.value().name;
  CompileOptions options = OptionsOf(choice);
  options.system = loader.Resolve(source.value());
  loaded.rule_files = options.system;
  // A user whose policy adds nothing to look at.
  const SourceText nothing{"no policy of a user",
                           "apiVersion: gatehouse/v1\nkind: Policy\n"
                           "name: none\nscope: {contexts: '*'}\n"
                           "protect: []\nrules: [{id: none, deny: any}]\n"};
  loaded.engine = CompileRules({ReadRules(nothing, loaded.issues)},
                               choice.tables, options, loaded.issues);
  loaded.options = std::move(options);
  if (loaded.issues.HasErrors()) loaded.engine = nullptr;
  loaded.issues.Sort();
  return loaded;
}

}  // namespace gatehouse::cli
