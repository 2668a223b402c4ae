// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_compiler.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "policy/compiled_policy.h"
#include "policy/document.h"
#include "policy/fault.h"
#include "policy/rule_index.h"
#include "policy/settings.h"
#include "policy/word_compiler.h"

namespace gatehouse {
namespace {

constexpr std::string_view kProtectedByDefault[] = {
    "kube-system", "kube-public", "kube-node-lease"};

std::string Sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(),
             nullptr);
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "sha256:";
  for (unsigned int i = 0; i < size; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 0xF];
  }
  return out;
}

// The outermost file as it stands, so that `sha256sum` of a policy without
// `extends` gives its hash; then the others, then what --set said.
std::string JoinedText(const std::vector<RuleFile>& files,
                       const CompileOptions& options) {
  std::string text = files.front().source.text;
  for (std::size_t i = 1; i < files.size(); ++i) {
    text += "\n---\n# " + files[i].source.name + "\n" + files[i].source.text;
  }
  for (const auto& [name, values] : options.settings) {
    text += "\n# --set " + name + "=";
    for (const std::string& value : values) text += value + ",";
  }
  return text;
}

bool ReadsClock(const CompiledRule& rule) {
  return rule.until || rule.limit || rule.match.when ||
         (rule.unless && rule.unless->when);
}

// Puts the files of one policy together.
class PolicyCompiler {
 public:
  PolicyCompiler(const std::vector<RuleFile>& files,
                 std::shared_ptr<const KubernetesTables> tables,
                 const CompileOptions& options, Issues& issues)
      : files_(files),
        options_(options),
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
    policy_->text = JoinedText(files_, options_);
    policy_->hash = Sha256(policy_->text);
    CheckSettings(options_, issues_);
    for (const RuleFile& file : files_) AddFile(file);
    AddDefaults();
    policy_->index = IndexRules(policy_->rules);
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

  bool IsGiven(std::string_view setting) const {
    if (!IsFence(setting)) return IsSet(options_, setting);
    return std::any_of(files_.begin(), files_.end(), [&](const RuleFile& each) {
      return FenceOf(each, setting).has_value();
    });
  }

  void CheckRequired(const RuleFile& file, WordCompiler& words) {
    for (const Word& word : file.require) {
      const auto names = SettingNames();
      const bool known =
          std::find(names.begin(), names.end(), word.text) != names.end();
      if (!known || IsGiven(word.text)) continue;
      words.Add(Fault::kSettingRequired, word.position,
                "the policy " + Quoted(file.name) + " needs " + word.text +
                    "; give it with --set " + word.text + "=" +
                    (IsFence(word.text)
                         ? "NAME,…, or under \"scope\" in a policy that "
                           "extends it"
                         : "VALUE"));
    }
  }

  void AddFile(const RuleFile& file) {
    WordCompiler words(file.source, *policy_->tables, options_.zones, issues_);
    CheckRequired(file, words);
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
    const std::string prefix = &file == &files_.front() ? "" : file.name + "/";
    for (const Rule& rule : file.rules) AddRule(rule, prefix, words);
  }

  void AddRule(const Rule& rule, const std::string& prefix,
               WordCompiler& words) {
    CompiledRule compiled = words.Compile(rule, prefix);
    const auto until = SettingUntil(options_);
    if (until && compiled.effect != Effect::kDeny) {
      compiled.until = std::min(*until, compiled.until.value_or(*until));
    }
    if (!prefix.empty() && !ids_.insert(compiled.source.id).second) {
      words.Add(Fault::kDuplicateId, rule.position,
                "another extended policy has the rule " +
                    Quoted(compiled.source.id) + " already");
    }
    policy_->has_observed_rules |= compiled.observe;
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
  Issues& issues_;
  std::unique_ptr<CompiledPolicy> policy_;
  std::set<std::string> ids_;  // of extended rules
  bool protect_given_ = false;
};

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
  auto compiled =
      PolicyCompiler(files, std::move(tables), options, issues).Compile();
  if (issues.HasErrors()) return nullptr;
  return std::make_shared<const Engine>(std::move(compiled));
}

}  // namespace gatehouse
