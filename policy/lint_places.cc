// SPDX-License-Identifier: Apache-2.0
// Of lint: namespaces and contexts that a rule names for nothing.
#include <algorithm>
#include <string>

#include "policy/fault.h"
#include "policy/lint_finding.h"
#include "policy/resource_words.h"
#include "policy/rule_cover.h"
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

bool IsExpression(const Word& word) { return word.text.starts_with('/'); }

// "dev-a" of "Dev_A"; "" where that is none either.
std::string NearestNamespace(std::string_view word) {
  std::string name;
  for (const char c : word) {
    const bool upper = c >= 'A' && c <= 'Z';
    name += upper ? static_cast<char>(c - 'A' + 'a') : c == '_' ? '-' : c;
  }
  return name;
}

// Kubernetes' own rule: a label of DNS.
bool MayBeNamespace(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '*' || c == '?';
  });
}

void LintNames(const std::optional<Words>& words, LintFindings& findings) {
  if (!words) return;
  for (const Word& word : *words) {
    if (IsExpression(word) || MayBeNamespace(word.text)) continue;
    const std::string nearest = NearestNamespace(word.text);
    findings.push_back(
        {Lint::kMatchesNothing, word.position,
         "no namespace is called " + Quoted(word.text) +
             ": a name has lower case letters, digits and \"-\"" +
             (MayBeNamespace(nearest)
                  ? "; did you mean " + Quoted(nearest) + "?"
                  : "")});
  }
}

enum class TypeScope { kMixed = 0, kNamespaced, kCluster };

// Where the objects are that a resource word stands for.
TypeScope ScopeOf(const Word& word, const KubernetesTables& tables) {
  const auto patterns = ResolveResourceWord(word.text, tables);
  if (!patterns.ok()) return TypeScope::kMixed;
  bool namespaced = false;
  bool cluster = false;
  for (const ResourcePattern& pattern : patterns.value()) {
    if (!pattern.built_in) return TypeScope::kMixed;
    for (const ResourceType& type : tables.resources()) {
      if (!pattern.resource.Matches(type.plural)) continue;
      if (pattern.group && !pattern.group->Matches(type.group)) continue;
      (type.namespaced ? namespaced : cluster) = true;
    }
  }
  if (namespaced == cluster) return TypeScope::kMixed;
  return cluster ? TypeScope::kCluster : TypeScope::kNamespaced;
}

class PlaceLinter {
 public:
  PlaceLinter(const LintedRule& linted, LintFindings& findings)
      : linted_(linted), findings_(findings) {}

  void Check() {
    LintNames(linted_.written.match.namespaces, findings_);
    if (linted_.written.unless) {
      LintNames(linted_.written.unless->namespaces, findings_);
    }
    CheckFences();
    CheckResources();
    if (linted_.rule.effect != Effect::kDeny) CheckProtect();
  }

 private:
  void Add(Lint lint, Position position, std::string message) {
    findings_.push_back({lint, position, std::move(message)});
  }
  void AddFencedOut(const std::string& what) {
    Add(Lint::kFencedOut, linted_.written.position,
        "rule " + Quoted(linted_.written.id) + " covers no " + what +
            " of the scope");
  }

  // All of the rule, or else the words that are for nothing. A deny of more
  // than the scope holds is a precaution.
  void CheckFences() {
    const auto& match = linted_.rule.match;
    for (const NamespacePatterns& fence : linted_.policy.namespace_fences) {
      if (!match.namespaces || Overlap(*match.namespaces, fence)) continue;
      return AddFencedOut("namespace");
    }
    for (const Patterns& fence : linted_.policy.context_fences) {
      if (!match.contexts || Overlap(*match.contexts, fence)) continue;
      return AddFencedOut("context");
    }
    if (linted_.rule.effect == Effect::kDeny) return;
    for (const NamespacePatterns& fence : linted_.policy.namespace_fences) {
      CheckWords(linted_.written.match.namespaces, fence.patterns, "namespace");
    }
    // Without the field the scope is the context at the start, whichever.
    if (!linted_.file.scope.contexts) return;
    for (const Patterns& fence : linted_.policy.context_fences) {
      CheckWords(linted_.written.match.contexts, fence, "context");
    }
  }

  void CheckWords(const std::optional<Words>& words, const Patterns& fence,
                  const std::string& what) {
    if (!words) return;
    for (const Word& word : *words) {
      // "" beside "*" is how everything is said.
      if (word.text.empty()) continue;
      const auto pattern = Pattern::Compile(word.text);
      if (!pattern.ok() || Overlap({pattern.value()}, fence)) continue;
      Add(Lint::kFencedOut, word.position,
          "the " + what + " " + Quoted(word.text) +
              " is outside the scope; leave it out, or add it to \"scope\"");
    }
  }

  bool FenceLeavesOutCluster() const {
    const auto& fences = linted_.policy.namespace_fences;
    return std::any_of(
        fences.begin(), fences.end(),
        [](const NamespacePatterns& fence) { return !fence.cluster_scope; });
  }

  void CheckResources() {
    if (!linted_.written.match.resources) return;
    for (const Word& word : *linted_.written.match.resources) {
      CheckResource(word, ScopeOf(word, *linted_.policy.tables));
    }
  }

  void CheckResource(const Word& word, TypeScope scope) {
    const auto& namespaces = linted_.rule.match.namespaces;
    const bool cluster = !namespaces || namespaces->cluster_scope;
    if (scope == TypeScope::kCluster && !cluster) {
      Add(Lint::kMatchesNothing, word.position,
          Quoted(word.text) +
              " is in no namespace, and \"namespaces\" covers only what is in "
              "one; write a rule without it");
    } else if (scope == TypeScope::kNamespaced && namespaces &&
               namespaces->patterns.empty()) {
      Add(Lint::kMatchesNothing, word.position,
          Quoted(word.text) +
              " is in a namespace, and \"namespaces\" covers only what is in "
              "none; name the namespaces");
    } else if (scope == TypeScope::kCluster && FenceLeavesOutCluster() &&
               linted_.rule.effect != Effect::kDeny) {
      Add(Lint::kFencedOut, word.position,
          Quoted(word.text) +
              " is in no namespace, and the scope holds only namespaces; add "
              "\"\" to \"scope.namespaces\"");
    }
  }

  void CheckProtect() {
    const VerbSet spared = kReadingVerbs | SetOf(Verb::kNone);
    if ((VerbsOf(linted_.rule) & spared) != 0) return;
    if (!linted_.written.match.namespaces) return;
    for (const Word& word : *linted_.written.match.namespaces) {
      if (word.text.empty()) continue;
      const auto pattern = Pattern::Compile(word.text);
      if (!pattern.ok()) continue;
      const Patterns& protect = linted_.policy.protect;
      const bool all = std::any_of(
          protect.begin(), protect.end(),
          [&](const Pattern& each) { return Covers(each, pattern.value()); });
      if (!all) continue;
      Add(Lint::kProtected, word.position,
          "nothing is changed in " + Quoted(word.text) +
              ", which \"protect\" holds; leave it out, or say \"protect\" "
              "without it");
    }
  }

  const LintedRule& linted_;
  LintFindings& findings_;
};

}  // namespace

void LintPlaces(const LintedRule& linted, LintFindings& findings) {
  PlaceLinter(linted, findings).Check();
}

void LintFilePlaces(const RuleFile& file, LintFindings& findings) {
  LintNames(file.scope.namespaces, findings);
  LintNames(file.protect, findings);
}

}  // namespace gatehouse
