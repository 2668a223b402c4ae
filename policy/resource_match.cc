// SPDX-License-Identifier: Apache-2.0
#include "policy/resource_match.h"

#include <algorithm>
#include <optional>
#include <string>

#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

bool NamesSubresource(Verb verb) {
  return verb == Verb::kExec || verb == Verb::kForward;
}

Truth MatchOne(const Pattern& pattern,
               const std::optional<std::string>& value) noexcept {
  if (pattern.IsAny()) return Truth::kTrue;
  return value ? TruthOf(pattern.Matches(*value)) : Truth::kUnknown;
}

Truth MatchGroup(const ResourcePattern& pattern,
                 const Request& request) noexcept {
  return pattern.group ? MatchOne(*pattern.group, request.group) : Truth::kTrue;
}

Truth MatchType(const ResourcePattern& pattern,
                const Request& request) noexcept {
  return And(MatchOne(pattern.resource, request.resource),
             MatchGroup(pattern, request));
}

// "widgets" of "widget", "policies" of "policy", "boxes" of "box".
bool IsPluralOf(std::string_view plural, std::string_view word) noexcept {
  if (plural == word) return true;
  if (word.empty()) return false;
  if (plural.ends_with("ies") && word.ends_with('y')) {
    return plural.substr(0, plural.size() - 3) ==
           word.substr(0, word.size() - 1);
  }
  const std::string_view ending =
      plural.starts_with(word) ? plural.substr(word.size()) : "";
  return ending == "s" || ending == "es";
}

// The plural of a custom resource is not known: a rule that names its group
// and what it is called means it, and any other of its group may.
Truth MatchCustom(const ResourcePattern& pattern,
                  const Request& request) noexcept {
  if (pattern.built_in) return Truth::kFalse;
  const Truth group = MatchGroup(pattern, request);
  if (group == Truth::kFalse || pattern.resource.IsAny()) return group;
  const bool named = pattern.exact &&
                     IsPluralOf(pattern.resource.text(), request.custom->word);
  return named ? group : Truth::kUnknown;
}

Truth MatchSubresource(const ResourcePattern& pattern, const Request& request,
                       VerbSet named_verbs) noexcept {
  switch (pattern.subresource_match) {
    case SubresourceMatch::kEvery:
      return Truth::kTrue;
    case SubresourceMatch::kNone:
      // `allow: exec` on pods names pods/exec.
      if (NamesSubresource(request.verb) &&
          Contains(named_verbs, request.verb)) {
        return Truth::kTrue;
      }
      if (!request.subresource) return Truth::kUnknown;
      return TruthOf(request.subresource->empty());
    case SubresourceMatch::kPattern:
      if (!request.subresource) return Truth::kUnknown;
      if (request.subresource->empty()) return Truth::kFalse;
      return MatchOne(pattern.subresource, request.subresource);
  }
  return Truth::kUnknown;
}

bool NamedByVerb(const CompiledRule& rule, const Request& request) noexcept {
  // `allow: exec` without resources names the subresources of pods and
  // services, not nodes/proxy, which is the kubelet itself.
  return !rule.match.resources && NamesSubresource(request.verb) &&
         Contains(rule.named_verbs, request.verb) &&
         (request.resource == "pods" || request.resource == "services");
}

bool NamedByResource(const CompiledRule& rule,
                     const Request& request) noexcept {
  if (!rule.match.resources) return false;
  const auto& patterns = *rule.match.resources;
  return std::any_of(
      patterns.begin(), patterns.end(), [&](const ResourcePattern& pattern) {
        return pattern.exact && MatchResource(pattern, request,
                                              rule.named_verbs) == Truth::kTrue;
      });
}

// Whether `group` holds a resource that is sensitive for `verb`. A custom
// resource's plural is not known, its group mostly is.
bool HasSensitive(const CompiledPolicy& policy, std::string_view group,
                  Verb verb) noexcept {
  for (const SensitiveEntry& entry : policy.tables->sensitive()) {
    if (entry.group != group) continue;
    if (!entry.writes_only || !Contains(kReadingVerbs, verb)) return true;
  }
  return false;
}

}  // namespace

Truth MatchResource(const ResourcePattern& pattern, const Request& request,
                    VerbSet named_verbs) noexcept {
  const Truth type = request.custom ? MatchCustom(pattern, request)
                                    : MatchType(pattern, request);
  return And(type, MatchSubresource(pattern, request, named_verbs));
}

// What is not wholly known may be a sensitive resource, unless its group has
// none.
Truth CoversSensitive(const CompiledPolicy& policy, const CompiledRule& rule,
                      const Request& request) noexcept {
  if (HasNoObject(request.verb) || request.custom) return Truth::kTrue;
  if (!request.group || !request.resource || !request.subresource) {
    const bool harmless =
        request.group && !HasSensitive(policy, *request.group, request.verb);
    return harmless ? Truth::kTrue : Truth::kUnknown;
  }
  const SensitiveEntry* entry = policy.tables->FindSensitive(
      *request.group, *request.resource, *request.subresource);
  if (entry == nullptr) return Truth::kTrue;
  if (entry->writes_only && Contains(kReadingVerbs, request.verb)) {
    return Truth::kTrue;
  }
  return TruthOf(NamedByVerb(rule, request) || NamedByResource(rule, request));
}

}  // namespace gatehouse
