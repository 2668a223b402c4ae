// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_compiler.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "policy/compiled_policy.h"
#include "policy/document.h"
#include "policy/fault.h"
#include "policy/lint.h"
#include "policy/policy_text.h"
#include "policy/protected_namespaces.h"
#include "policy/rule_index.h"
#include "policy/settings.h"
#include "policy/word_compiler.h"

namespace gatehouse {
namespace {

bool ReadsClock(const CompiledRule& rule) {
  return rule.until || rule.limit || rule.match.when ||
         (rule.unless && rule.unless->when);
}

// Puts the files of one policy together.
class PolicyCompiler {
 public:
  // `prefix`: of the ids of this layer's rules.
  PolicyCompiler(const std::vector<RuleFile>& files,
                 std::shared_ptr<const KubernetesTables> tables,
                 const CompileOptions& options, std::string prefix,
                 Issues& issues)
      : files_(files),
        options_(options),
        prefix_(std::move(prefix)),
        issues_(issues),
        policy_(std::make_unique<CompiledPolicy>()) {
    policy_->tables = std::move(tables);
  }

  std::unique_ptr<const CompiledPolicy> Compile() {
    const RuleFile& outermost = files_.front();
    policy_->name = outermost.name;
    policy_->mode =
        options_.mode.value_or(outermost.mode.value_or(Mode::kEnforce));
    policy_->dry_run_reads = outermost.dry_run_reads;
    policy_->text = PolicyText(files_, options_);
    policy_->hash = HashOf(policy_->text);
    CheckSettings(options_, issues_);
    std::size_t rules = 0;
    for (const RuleFile& file : files_) rules += file.rules.size();
    policy_->rules.reserve(rules);
    for (const RuleFile& file : files_) {
      AddFile(file);
      AddSettings(file);
    }
    AddDefaults();
    policy_->index = IndexRules(policy_->rules);
    if (options_.lint && !issues_.HasErrors()) {
      LintPolicy(*policy_, outermost, options_.now, issues_);
    }
    return std::move(policy_);
  }

 private:
  // What the file, or --set in its place, says; nullopt where neither does.
  std::optional<Words> FenceOf(const RuleFile& file,
                               std::string_view setting) const {
    if (&file == &files_.front() && IsSet(options_, setting)) {
      return SettingWords(options_, setting);
    }
    return setting == kNamespacesSetting ? file.scope.namespaces
                                         : file.scope.contexts;
  }

  bool IsFence(std::string_view setting) const {
    return setting == kNamespacesSetting || setting == kContextsSetting;
  }

  // A --set of nothing, such as that of an empty variable, gives nothing.
  bool IsGiven(std::string_view setting) const {
    const auto set = SettingWords(options_, setting);
    if (set) {
      return std::any_of(set->begin(), set->end(),
                         [](const Word& word) { return !word.text.empty(); });
    }
    if (!IsFence(setting)) return false;
    return std::any_of(files_.begin(), files_.end(), [&](const RuleFile& each) {
      return FenceOf(each, setting).has_value();
    });
  }

  void CheckRequired(const RuleFile& file) {
    for (const Word& word : file.require) {
      const auto names = SettingNames();
      const bool known =
          std::find(names.begin(), names.end(), word.text) != names.end();
      if (!known || IsGiven(word.text)) continue;
      Issue issue = IssueAt(
          file.source, word.position, FaultCode(Fault::kSettingRequired),
          "the policy " + Quoted(file.name) + " needs " + word.text +
              "; give it with --set " + word.text + "=" +
              (IsFence(word.text)
                   ? "NAME,…, or under \"scope\" in a policy that "
                     "extends it"
                   : "VALUE"));
      if (options_.lacks_settings) issue.severity = Severity::kWarning;
      issues_.Add(std::move(issue));
    }
  }

  void AddFile(const RuleFile& file) {
    WordCompiler words(file.source, *policy_->tables, options_.zones, issues_);
    CheckRequired(file);
    if (const auto contexts = FenceOf(file, kContextsSetting)) {
      policy_->context_fences.push_back(words.Globs(*contexts));
    }
    if (const auto namespaces = FenceOf(file, kNamespacesSetting)) {
      policy_->namespace_fences.push_back(words.Namespaces(*namespaces));
    }
    for (const Word& word : file.server_settings) {
      policy_->server_settings.push_back(word.text);
    }
    if (file.protect) {
      protect_given_ = true;
      const Patterns protect = words.Globs(*file.protect);
      policy_->protect.insert(policy_->protect.end(), protect.begin(),
                              protect.end());
    }
    // A file that is extended is not loosened by the one that does.
    policy_->pin_strict = policy_->pin_strict || file.pin_strict;
    const bool outermost = &file == &files_.front();
    const std::string prefix = prefix_ + (outermost ? "" : file.name + "/");
    for (const Rule& rule : file.rules) AddRule(rule, prefix, words);
  }

  // A file that is extended is not loosened by the one that does, and cannot
  // loosen it.
  void AddSettings(const RuleFile& file) {
    SessionSettings& settings = policy_->settings;
    settings.client_features =
        settings.client_features.StricterOf(file.client_features);
    for (const Word& key : file.secret_keys) {
      settings.secret_keys.push_back(key.text);
    }
    for (const Word& format : file.formats) {
      settings.formats.push_back(format.text);
    }
    const bool outermost = &file == &files_.front();
    if (!file.controls ||
        (!outermost && file.controls == TextControls::kKeep)) {
      return;
    }
    policy_->controls =
        std::min(policy_->controls.value_or(*file.controls), *file.controls);
    settings.controls = *policy_->controls;
  }

  void AddRule(const Rule& rule, const std::string& prefix,
               WordCompiler& words) {
    CompiledRule compiled = words.Compile(rule, prefix);
    const auto until = SettingUntil(options_);
    if (until && compiled.effect != Effect::kDeny) {
      compiled.until = std::min(*until, compiled.until.value_or(*until));
    }
    // Those of one file are the reader's to compare.
    if (prefix != prefix_ && !ids_.insert(compiled.source.id).second) {
      words.Add(Fault::kDuplicateId, rule.position,
                "another policy has the rule " + Quoted(compiled.source.id) +
                    " already");
    }
    policy_->has_observed_rules |= compiled.observe;
    policy_->has_reveals |= compiled.reveal;
    policy_->has_limits |= compiled.limit.has_value();
    policy_->reads_clock |= ReadsClock(compiled);
    policy_->rules.push_back(std::move(compiled));
  }

  void AddDefaults() {
    if (policy_->context_fences.empty()) {
      policy_->context_fences.push_back(
          {Pattern::Literal(options_.current_context)});
    }
    if (options_.only_context) {
      policy_->context_fences.push_back(
          {Pattern::Literal(*options_.only_context)});
    }
    if (protect_given_) return;
    for (std::string_view name : kProtectedByDefault) {
      policy_->protect.push_back(Pattern::Literal(name));
    }
  }

  const std::vector<RuleFile>& files_;
  const CompileOptions& options_;
  const std::string prefix_;
  Issues& issues_;
  std::unique_ptr<CompiledPolicy> policy_;
  std::set<std::string> ids_;
  bool protect_given_ = false;
};

void Refuse(const RuleFile& file, Fault fault, Position position,
            std::string message, Issues& issues) {
  AddIssue(file.source, position, FaultCode(fault), std::move(message), issues);
}

// What stands in a file of the wrong layer, or against a lock.
void CheckLayers(const std::vector<RuleFile>& files,
                 const CompileOptions& options, Issues& issues) {
  for (const RuleFile& file : files) {
    if (!file.lock) continue;
    Refuse(file, Fault::kWrongLayer, file.lock->position,
           "\"lock\" belongs to the system policy only", issues);
  }
  if (options.system.empty()) return;
  const RuleFile& system = options.system.front();
  if (system.mode == Mode::kObserve) {
    Refuse(system, Fault::kWrongLayer, system.mode_position,
           "a system policy is always enforced; put \"mode: observe\" into "
           "its rules",
           issues);
  }
  if (!system.lock || !system.lock->enforce) return;
  if (options.mode == Mode::kObserve) {
    AddIssue({"--mode", ""}, {}, FaultCode(Fault::kLocked),
             "the system policy locks the mode to enforce", issues);
  } else if (!options.mode && files.front().mode == Mode::kObserve) {
    Refuse(files.front(), Fault::kLocked, files.front().mode_position,
           "the system policy locks the mode to enforce", issues);
  }
}

Locks LocksOf(const CompileOptions& options) {
  Locks locks;
  if (options.system.empty()) return locks;
  const std::optional<LockFields>& lock = options.system.front().lock;
  locks.full_durability = lock && lock->full_durability;
  locks.confine = lock && lock->confine;
  return locks;
}

// The system's own options: nothing that a user said.
CompileOptions SystemOptions(const CompileOptions& options) {
  CompileOptions own;
  own.current_context = options.current_context;
  own.only_context = options.only_context;
  own.zones = options.zones;
  own.now = options.now;
  own.lint = options.lint;
  own.mode = Mode::kEnforce;
  return own;
}

}  // namespace

std::shared_ptr<const Engine> CompileRules(
    const std::vector<RuleFile>& files,
    std::shared_ptr<const KubernetesTables> tables,
    const CompileOptions& options, Issues& issues) {
  if (files.empty() || tables == nullptr) {
    AddIssue({"policy", ""}, {}, FaultCode(Fault::kNotOneDocument),
             "there is no policy to compile", issues);
    return nullptr;
  }
  CheckLayers(files, options, issues);
  auto user = PolicyCompiler(files, tables, options, "", issues).Compile();
  std::unique_ptr<const CompiledPolicy> system;
  if (!options.system.empty()) {
    const CompileOptions own = SystemOptions(options);
    system = PolicyCompiler(options.system, std::move(tables), own, "system/",
                            issues)
                 .Compile();
  }
  if (issues.HasErrors()) return nullptr;
  return std::make_shared<const Engine>(std::move(user), std::move(system),
                                        LocksOf(options));
}

std::shared_ptr<const CompiledPolicy> CompileLayer(
    const std::vector<RuleFile>& files,
    std::shared_ptr<const KubernetesTables> tables,
    const CompileOptions& options, Issues& issues) {
  if (files.empty() || tables == nullptr) return nullptr;
  auto policy =
      PolicyCompiler(files, std::move(tables), options, "", issues).Compile();
  if (issues.HasErrors()) return nullptr;
  return policy;
}

}  // namespace gatehouse
