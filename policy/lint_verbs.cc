// SPDX-License-Identifier: Apache-2.0
// Of lint: verbs and resources that do not go together. What is not in the
// tables may have any verb, and is never warned of.
#include <algorithm>
#include <span>
#include <string>

#include "policy/fault.h"
#include "policy/kubernetes/type_verbs.h"
#include "policy/lint_finding.h"
#include "policy/resource_words.h"
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

// What a verb that the API does not have is done with.
bool IsReachedBy(Verb verb, std::string_view subresource) {
  if (verb == Verb::kExec) {
    return subresource == "exec" || subresource == "attach" ||
           subresource == "ephemeralcontainers";
  }
  return subresource == "portforward" || subresource == "proxy";
}

bool HasSubresource(const ResourceType& type, Verb verb,
                    const ResourcePattern& pattern) {
  const bool reaches = verb == Verb::kExec || verb == Verb::kForward;
  const bool whole = pattern.subresource_match == SubresourceMatch::kNone;
  return std::any_of(
      type.subresources.begin(), type.subresources.end(),
      [&](std::string_view subresource) {
        if (!whole && !pattern.subresource.Matches(subresource)) return false;
        if (reaches) return IsReachedBy(verb, subresource);
        const auto verbs = VerbsOfSubresource(subresource);
        return !whole &&
               (verbs.empty() || std::ranges::find(verbs, verb) != verbs.end());
      });
}

bool TypeHas(const ResourceType& type, Verb verb,
             const ResourcePattern& pattern) {
  if (verb == Verb::kEscalate) return true;
  if (HasSubresource(type, verb, pattern)) return true;
  if (pattern.subresource_match == SubresourceMatch::kPattern) return false;
  const std::vector<Verb> verbs = VerbsOf(type);
  return std::ranges::find(verbs, verb) != verbs.end();
}

// Whether some request has this verb and a resource that the pattern matches.
bool GoTogether(Verb verb, const ResourcePattern& pattern,
                const KubernetesTables& tables) {
  if (verb == Verb::kUnclear) return true;
  // These are of no object: only "*" covers what is nothing.
  if (HasNoObject(verb) || verb == Verb::kImpersonate) {
    return pattern.resource.Matches("") &&
           pattern.subresource_match != SubresourceMatch::kPattern;
  }
  if (!pattern.built_in) return true;
  const auto types = tables.resources();
  return std::any_of(types.begin(), types.end(), [&](const ResourceType& type) {
    return pattern.resource.Matches(type.plural) &&
           (!pattern.group || pattern.group->Matches(type.group)) &&
           TypeHas(type, verb, pattern);
  });
}

// `create` on pods/exec is `exec`: such a word is not idle.
bool MeansMore(Verb verb, const ResourcePattern& pattern) {
  constexpr VerbSet kMeaning = SetOf(Verb::kGet) | SetOf(Verb::kCreate) |
                               SetOf(Verb::kUpdate) | SetOf(Verb::kPatch);
  return pattern.extra_verbs != 0 && Contains(kMeaning, verb);
}

bool GoTogether(VerbSet verbs, std::span<const ResourcePattern> patterns,
                const KubernetesTables& tables) {
  for (std::size_t i = 1; i < kVerbCount; ++i) {
    const Verb verb = static_cast<Verb>(i);
    if (!Contains(verbs, verb)) continue;
    for (const ResourcePattern& pattern : patterns) {
      if (MeansMore(verb, pattern)) return true;
      if (GoTogether(verb, pattern, tables)) return true;
    }
  }
  return false;
}

std::string VerbHint(const std::string& verb) {
  const auto set = VerbsOfWord(verb).value_or(0);
  if (set == SetOf(Verb::kExec)) return "; it is of pods/exec and pods/attach";
  if (set == SetOf(Verb::kForward)) {
    return "; it is of pods/portforward and of proxies";
  }
  for (std::size_t i = 1; i < kVerbCount; ++i) {
    const Verb each = static_cast<Verb>(i);
    if (set == SetOf(each) &&
        (HasNoObject(each) || each == Verb::kImpersonate)) {
      return ", for it is of no object; write a rule without \"resources\"";
    }
  }
  return "; leave it out";
}

std::string Listed(const Words& words) {
  std::string text;
  for (const Word& word : words) {
    if (!text.empty()) text += &word == &words.back() ? " or " : ", ";
    text += Quoted(word.text);
  }
  return text;
}

void LintIdleVerbs(const LintedRule& linted, LintFindings& findings) {
  const auto& resources = linted.rule.match.resources;
  if (!resources || !linted.written.match.resources) return;
  for (const Word& word : linted.written.verbs) {
    const auto verbs = VerbsOfWord(word.text);
    if (!verbs || GoTogether(*verbs, *resources, *linted.policy.tables)) {
      continue;
    }
    findings.push_back({Lint::kMatchesNothing, word.position,
                        "no call has the verb " + Quoted(word.text) + " of " +
                            Listed(*linted.written.match.resources) +
                            VerbHint(word.text)});
  }
}

// The one known type that the word stands for, where an allow of the rule's
// verbs would have to name it.
const ResourceType* OnlySensitive(const LintedRule& linted,
                                  const ResourcePattern& pattern) {
  const KubernetesTables& tables = *linted.policy.tables;
  const ResourceType* only = nullptr;
  for (const ResourceType& type : tables.resources()) {
    if (!pattern.resource.Matches(type.plural)) continue;
    if (pattern.group && !pattern.group->Matches(type.group)) continue;
    if (only != nullptr && only->plural != type.plural) return nullptr;
    only = &type;
  }
  if (only == nullptr) return nullptr;
  const SensitiveEntry* entry =
      tables.FindSensitive(only->group, only->plural, "");
  const bool idle =
      entry != nullptr &&
      (!entry->writes_only || (linted.rule.verbs & kReadingVerbs) == 0);
  return idle ? only : nullptr;
}

void LintUnnamed(const LintedRule& linted, LintFindings& findings) {
  if (linted.rule.effect == Effect::kDeny) return;
  if (!linted.written.match.resources) return;
  for (const Word& word : *linted.written.match.resources) {
    if (word.text.find('/') != std::string::npos) continue;
    const auto patterns = ResolveResourceWord(word.text, *linted.policy.tables);
    if (!patterns.ok() || patterns.value().size() != 1) continue;
    const ResourcePattern& pattern = patterns.value().front();
    if (pattern.exact) continue;
    const ResourceType* only = OnlySensitive(linted, pattern);
    if (only == nullptr) continue;
    findings.push_back({Lint::kMatchesNothing, word.position,
                        "the pattern " + Quoted(word.text) +
                            " covers, of what is known, " + "only " +
                            only->plural + ", which must be named; write " +
                            Quoted(only->plural)});
  }
}

void LintHelm(const LintedRule& linted, LintFindings& findings) {
  const VerbSet verbs = linted.rule.verbs;
  if (!linted.rule.helm || (verbs & kReadingVerbs) != 0) return;
  if ((verbs & kHelmChanges) == kHelmChanges) return;
  findings.push_back(
      {Lint::kMatchesNothing, linted.written.position,
       "rule " + Quoted(linted.written.id) +
           ": \"helm\" covers a change only beside all of \"write\"; write "
           "the group"});
}

}  // namespace

void LintVerbs(const LintedRule& linted, LintFindings& findings) {
  LintIdleVerbs(linted, findings);
  LintUnnamed(linted, findings);
  LintHelm(linted, findings);
}

}  // namespace gatehouse
