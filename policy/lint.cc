// SPDX-License-Identifier: Apache-2.0
#include "policy/lint.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "policy/document.h"
#include "policy/fault.h"
#include "policy/lint_finding.h"
#include "policy/rule_cover.h"
#include "policy/time_text.h"
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

constexpr LintRow kLintRows[] = {
    {Lint::kBeaten, "W001", "beaten",
     "Another rule holds back all that this one lets through."},
    {Lint::kRedundant, "W002", "redundant",
     "Another rule says all that this one says."},
    {Lint::kPodsWithoutLog, "W003", "pods-without-log",
     "Pods may be read, and their logs may not."},
    {Lint::kMatchesNothing, "W004", "matches-nothing",
     "A word of the rule matches nothing that is known."},
    {Lint::kWideWrite, "W005", "wide-write",
     "An allow covers changes to more than it names."},
    {Lint::kExpired, "W006", "expired", "The rule's time is over."},
    {Lint::kSensitiveGrant, "W007", "sensitive-grant",
     "An allow covers what reveals credentials or grants rights."},
    {Lint::kFencedOut, "W008", "fenced-out",
     "The scope leaves nothing of the rule."},
    {Lint::kWritableByOthers, "W009", "writable-by-others",
     "The policy file can be changed by others than its owner."},
    {Lint::kClusterWrite, "W010", "cluster-write",
     "An allow covers changes outside all namespaces, which protect does not."},
    {Lint::kProtected, "W011", "protected",
     "Protect holds back what the rule lets through."},
    {Lint::kAskUnavailable, "W012", "ask-unavailable",
     "An ask is refused, since there is no way to ask."},
};
static_assert(std::size(kLintRows) == kLintCount);

void AddWarning(const SourceText& source, Position position, Lint lint,
                std::string message, Issues& issues) {
  Issue issue =
      IssueAt(source, position, kLintRows[static_cast<std::size_t>(lint)].code,
              std::move(message));
  issue.severity = Severity::kWarning;
  issues.Add(std::move(issue));
}

constexpr VerbSet kWrites = SetOf(Verb::kCreate) | SetOf(Verb::kUpdate) |
                            SetOf(Verb::kPatch) | SetOf(Verb::kDelete) |
                            SetOf(Verb::kDeleteCollection);
constexpr VerbSet kPowers =
    SetOf(Verb::kExec) | SetOf(Verb::kForward) | SetOf(Verb::kRaw) |
    SetOf(Verb::kImpersonate) | SetOf(Verb::kEscalate) | SetOf(Verb::kConfig) |
    SetOf(Verb::kLocal) | SetOf(Verb::kFetch) | SetOf(Verb::kUnclear);

// One rule of the file beside the whole policy.
class RuleLinter {
 public:
  RuleLinter(const CompiledPolicy& policy, const RuleFile& file, UtcTime now,
             Issues& issues)
      : policy_(policy), file_(file), now_(now), issues_(issues) {}

  void Check(std::size_t index) {
    written_ = &file_.rules[index];
    rule_ = &policy_.rules[index];
    CheckExpired();
    CheckOthers(index);
    CheckException();
    CheckTypes();
    CheckWords();
    if (rule_->effect == Effect::kDeny) return;
    CheckAsk();
    CheckPods();
    CheckWideWrite();
    CheckSensitive();
    CheckClusterWrite();
  }

  void WarnOf(LintFindings findings) {
    for (LintFinding& each : findings) {
      Warn(each.lint, each.position, std::move(each.message));
    }
  }

 private:
  void Warn(Lint lint, Position position, std::string message) {
    AddWarning(file_.source, position, lint, std::move(message), issues_);
  }
  void Warn(Lint lint, const std::string& message) {
    Warn(lint, written_->position,
         "rule " + Quoted(written_->id) + " " + message);
  }

  void CheckExpired() {
    if (rule_->until && *rule_->until <= now_) {
      Warn(Lint::kExpired, "is over since " + Rfc3339(*rule_->until));
    }
  }

  // What an allow or ask must name, and another may cover without naming it.
  bool NeedsNaming() const {
    constexpr VerbSet kNaming = SetOf(Verb::kExec) | SetOf(Verb::kForward);
    return NamesSensitive() || (rule_->named_verbs & kNaming) != 0;
  }

  bool HoldsBack(const CompiledRule& other) const {
    return other.effect < rule_->effect &&
           (other.effect == Effect::kDeny || !NeedsNaming());
  }

  // The first other rule that leaves nothing of this one.
  void CheckOthers(std::size_t index) {
    for (std::size_t i = 0; i < policy_.rules.size(); ++i) {
      const CompiledRule& other = policy_.rules[i];
      if (i == index || !Covers(other, *rule_)) continue;
      if (HoldsBack(other)) {
        Warn(Lint::kBeaten,
             "never takes effect: rule " + Quoted(other.source.id) +
                 (other.effect == Effect::kDeny ? " denies" : " asks for") +
                 " all of it");
        return;
      }
      const bool twins = Covers(*rule_, other);
      if (other.effect == rule_->effect && !NeedsNaming() &&
          (!twins || i < index)) {
        Warn(Lint::kRedundant, "adds nothing: rule " + Quoted(other.source.id) +
                                   " says all of it");
        return;
      }
    }
    CheckOthersTogether();
  }

  // Several that hold back a part each, and all of it together.
  void CheckOthersTogether() {
    std::vector<const CompiledRule*> holding;
    const std::size_t words =
        rule_->match.resources ? rule_->match.resources->size() : 1;
    for (std::size_t i = 0; i < words; ++i) {
      if (!HeldBackTogether(PartOf(i), holding)) return;
    }
    std::string names;
    for (const CompiledRule* other : holding) {
      if (!names.empty()) names += other == holding.back() ? " and " : ", ";
      names += Quoted(other->source.id);
    }
    Warn(Lint::kBeaten, "never takes effect: rules " + names +
                            " hold back all of it together");
  }

  CompiledRule PartOf(std::size_t word) const {
    CompiledRule part = *rule_;
    if (part.match.resources) {
      part.match.resources = {(*rule_->match.resources)[word]};
    }
    return part;
  }

  // Adds those that it takes.
  bool HeldBackTogether(CompiledRule part,
                        std::vector<const CompiledRule*>& holding) const {
    VerbSet left = VerbsOf(part);
    if (part.match.resources) part.match.resources->front().extra_verbs = 0;
    for (const CompiledRule& other : policy_.rules) {
      if (!HoldsBack(other)) continue;
      part.verbs = left & other.verbs;
      if (part.verbs == 0 || !Covers(other, part)) continue;
      left &= ~part.verbs;
      if (std::ranges::find(holding, &other) == holding.end()) {
        holding.push_back(&other);
      }
      if (left == 0) return true;
    }
    return false;
  }

  void CheckException() {
    if (!rule_->unless || !Covers(*rule_->unless, rule_->match)) return;
    Warn(Lint::kBeaten, "never takes effect: its \"unless\" covers all of it");
  }

  // What words alone, or beside each other, can never match.
  void CheckWords() {
    const LintedRule linted{policy_, file_, *written_, *rule_};
    LintFindings findings;
    LintVerbs(linted, findings);
    LintPlaces(linted, findings);
    LintMessages(linted, findings);
    WarnOf(std::move(findings));
  }

  void CheckAsk() {
    if (rule_->effect != Effect::kAsk || written_->verbs.empty()) return;
    Warn(Lint::kAskUnavailable, written_->verbs.front().position,
         "rule " + Quoted(written_->id) +
             " refuses what it covers, since this version has no way to ask a "
             "person; write \"deny\", or \"allow\" with a limit");
  }

  void CheckTypes() {
    if (!written_->match.resources) return;
    for (const Word& word : *written_->match.resources) CheckType(word);
  }

  void CheckType(const Word& word) {
    const std::string type = word.text.substr(0, word.text.find_first_of("./"));
    if (type.find_first_of("*?") == std::string::npos) return;
    const auto glob = Pattern::Compile(type);
    if (!glob.ok() || glob.value().IsAny()) return;
    // A custom resource that no table knows is written with its group.
    if (word.text.find('.') != std::string::npos) return;
    const auto types = policy_.tables->resources();
    const bool known =
        std::any_of(types.begin(), types.end(), [&](const ResourceType& each) {
          return glob.value().Matches(each.plural);
        });
    if (known) return;
    Warn(Lint::kMatchesNothing, word.position,
         "the pattern " + Quoted(word.text) + " matches no known resource");
  }

  // Whether some allow covers reading the logs of pods.
  bool AllowsLogs() const {
    return std::any_of(
        policy_.rules.begin(), policy_.rules.end(), [](const CompiledRule& r) {
          if (r.effect == Effect::kDeny || !Contains(r.verbs, Verb::kGet)) {
            return false;
          }
          if (!r.match.resources) return true;
          return std::any_of(
              r.match.resources->begin(), r.match.resources->end(),
              [](const ResourcePattern& p) {
                return p.resource.Matches("pods") &&
                       (p.subresource_match == SubresourceMatch::kEvery ||
                        (p.subresource_match == SubresourceMatch::kPattern &&
                         p.subresource.Matches("log")));
              });
        });
  }

  void CheckPods() {
    if (!rule_->match.resources || !Contains(rule_->verbs, Verb::kGet)) return;
    const auto& patterns = *rule_->match.resources;
    const bool names_pods = std::any_of(
        patterns.begin(), patterns.end(), [](const ResourcePattern& pattern) {
          return pattern.exact && pattern.resource.text() == "pods" &&
                 pattern.subresource_match == SubresourceMatch::kNone;
        });
    if (names_pods && !AllowsLogs()) {
      Warn(Lint::kPodsWithoutLog,
           "covers pods and not their logs; add \"pods/log\"");
    }
  }

  void CheckWideWrite() {
    if ((rule_->verbs & (kWrites | kPowers)) == 0) return;
    for (const Word& verb : written_->verbs) {
      if (verb.text != "any") continue;
      Warn(Lint::kWideWrite, verb.position,
           "rule " + Quoted(written_->id) +
               " covers every verb with \"any\", raw API paths and files of "
               "this machine among them; name the verbs");
      return;
    }
    if (!written_->match.resources) return;
    for (const Word& word : *written_->match.resources) {
      if (word.text.find_first_of("*?") == std::string::npos) continue;
      Warn(Lint::kWideWrite, word.position,
           "rule " + Quoted(written_->id) + " covers changes to all of " +
               Quoted(word.text) + "; name the resources");
      return;
    }
  }

  // The first sensitive resource that the rule names, or nullptr.
  const SensitiveEntry* NamedSensitive() const {
    if (!rule_->match.resources) return nullptr;
    for (const SensitiveEntry& entry : policy_.tables->sensitive()) {
      if (entry.writes_only && (rule_->verbs & kWrites) == 0) continue;
      for (const ResourcePattern& pattern : *rule_->match.resources) {
        const bool sub = pattern.subresource_match == SubresourceMatch::kPattern
                             ? pattern.subresource.text() == entry.subresource
                             : entry.subresource.empty();
        if (pattern.exact && sub && pattern.resource.text() == entry.resource &&
            (!pattern.group || pattern.group->text() == entry.group)) {
          return &entry;
        }
      }
    }
    return nullptr;
  }
  bool NamesSensitive() const { return NamedSensitive() != nullptr; }

  void CheckSensitive() {
    if (const SensitiveEntry* entry = NamedSensitive()) {
      std::string name(entry->resource);
      if (!entry->subresource.empty()) name += "/" + entry->subresource;
      Warn(Lint::kSensitiveGrant,
           "covers " + name + ", which " + entry->why +
               (name == "secrets" && rule_->reveal
                    ? ", and lets their values through unmasked"
                    : ""));
      return;
    }
    for (std::size_t i = 1; i < kVerbCount; ++i) {
      const Verb verb = static_cast<Verb>(i);
      const VerbSet set = SetOf(verb) & kPowers & rule_->named_verbs;
      if (set == 0) continue;
      Warn(Lint::kSensitiveGrant,
           "covers the verb " + std::string(VerbName(verb)) +
               ", which reaches beyond the objects of the cluster's API");
      return;
    }
  }

  bool MayBeClusterScoped() const {
    if (!rule_->match.resources) return true;
    const auto types = policy_.tables->resources();
    return std::any_of(types.begin(), types.end(), [&](const ResourceType& t) {
      if (t.namespaced) return false;
      return std::any_of(
          rule_->match.resources->begin(), rule_->match.resources->end(),
          [&](const ResourcePattern& pattern) {
            return pattern.resource.Matches(t.plural) &&
                   (!pattern.group || pattern.group->Matches(t.group));
          });
    });
  }

  void CheckClusterWrite() {
    if ((rule_->verbs & kWrites) == 0) return;
    const auto& namespaces = rule_->match.namespaces;
    if (namespaces && !namespaces->cluster_scope) return;
    const auto& fences = policy_.namespace_fences;
    const bool fenced = std::any_of(
        fences.begin(), fences.end(),
        [](const NamespacePatterns& fence) { return !fence.cluster_scope; });
    if (fenced || !MayBeClusterScoped()) return;
    Warn(Lint::kClusterWrite,
         "covers changes to what is in no namespace, and \"protect\" does not "
         "stop those; add \"namespaces\"");
  }

  const CompiledPolicy& policy_;
  const RuleFile& file_;
  const UtcTime now_;
  Issues& issues_;
  const Rule* written_ = nullptr;
  const CompiledRule* rule_ = nullptr;
};

}  // namespace

std::span<const LintRow> AllLints() { return kLintRows; }

void LintPolicy(const CompiledPolicy& policy, const RuleFile& file, UtcTime now,
                Issues& issues) {
  LintFindings findings;
  LintFilePlaces(file, findings);
  RuleLinter linter(policy, file, now, issues);
  linter.WarnOf(std::move(findings));
  for (std::size_t i = 0; i < file.rules.size(); ++i) linter.Check(i);
}

void LintWritable(const SourceText& source, Issues& issues) {
  AddWarning(source, {}, Lint::kWritableByOthers,
             "the file can be changed by others than its owner; chmod go-w it",
             issues);
}

}  // namespace gatehouse
