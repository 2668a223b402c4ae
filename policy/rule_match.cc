// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_match.h"

#include <algorithm>
#include <optional>
#include <string>

#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

// What a match is for. A request over all namespaces or without a name covers
// some objects that a pattern means and others that it does not: a grant must
// cover all of it, a hold (deny, ask) any of it, an exception cannot tell.
enum class Reading { kGrant, kHold, kException };

Reading ReadingOf(Effect effect) {
  return effect == Effect::kAllow ? Reading::kGrant : Reading::kHold;
}

// For a request that reaches more than the patterns name.
Truth Partly(Reading reading) {
  switch (reading) {
    case Reading::kGrant:
      return Truth::kFalse;
    case Reading::kHold:
      return Truth::kTrue;
    case Reading::kException:
      return Truth::kUnknown;
  }
  return Truth::kUnknown;
}

bool NamesSubresource(Verb verb) {
  return verb == Verb::kExec || verb == Verb::kForward;
}

Truth MatchOne(const Pattern& pattern,
               const std::optional<std::string>& value) noexcept {
  if (pattern.IsAny()) return Truth::kTrue;
  return value ? TruthOf(pattern.Matches(*value)) : Truth::kUnknown;
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

Truth MatchResource(const ResourcePattern& pattern, const Request& request,
                    VerbSet named_verbs) noexcept {
  const Truth type = MatchOne(pattern.resource, request.resource);
  if (type == Truth::kFalse) return type;
  const Truth group =
      pattern.group ? MatchOne(*pattern.group, request.group) : Truth::kTrue;
  return And(And(type, group), MatchSubresource(pattern, request, named_verbs));
}

Truth MatchVerb(VerbSet verbs, Verb verb) noexcept {
  if (verb == Verb::kUnknown) return Truth::kUnknown;
  return TruthOf(Contains(verbs, verb));
}

// Verb and resource belong together: `create` on pods/exec is `exec` there and
// `create` elsewhere.
RuleMatch MatchVerbAndResource(const CompiledRule& rule,
                               const Request& request) noexcept {
  const auto& patterns = rule.match.resources;
  if (!patterns) return {MatchVerb(rule.verbs, request.verb), Field::kVerbs};
  RuleMatch best{Truth::kFalse, Field::kVerbs};
  for (const ResourcePattern& pattern : *patterns) {
    const Truth verb =
        MatchVerb(rule.verbs | pattern.extra_verbs, request.verb);
    if (verb == Truth::kFalse) continue;
    best.field = Field::kResources;
    const Truth resource = MatchResource(pattern, request, rule.named_verbs);
    best.truth = Or(best.truth, And(verb, resource));
    if (best.truth == Truth::kTrue) break;
  }
  return best;
}

Truth MatchNamespaces(const NamespacePatterns& namespaces,
                      const Request& request, Reading reading) noexcept {
  const bool placeless =
      request.verb == Verb::kDiscover || request.verb == Verb::kNone;
  if (placeless && reading == Reading::kGrant) return Truth::kTrue;
  if (IsNamespaceObject(request)) return TruthOf(namespaces.cluster_scope);
  if (request.all_namespaces) {
    if (HasAny(namespaces.patterns)) return Truth::kTrue;
    return namespaces.patterns.empty() ? Truth::kFalse : Partly(reading);
  }
  if (!request.namespace_name) return Truth::kUnknown;
  if (request.namespace_name->empty()) {
    return TruthOf(namespaces.cluster_scope);
  }
  return TruthOf(AnyMatches(namespaces.patterns, *request.namespace_name));
}

Truth MatchNames(const Patterns& names, const Request& request,
                 Reading reading) noexcept {
  if (!request.name) return Truth::kUnknown;
  if (request.name->empty()) return Partly(reading);
  return TruthOf(AnyMatches(names, *request.name));
}

Truth MatchContexts(const Patterns& contexts, const Request& request) noexcept {
  if (!request.context) return Truth::kUnknown;
  return TruthOf(AnyMatches(contexts, *request.context));
}

// An empty fact about the subject is one that is not known.
Truth MatchFact(const std::optional<Patterns>& patterns,
                const std::string& fact) noexcept {
  if (!patterns) return Truth::kTrue;
  return fact.empty() ? Truth::kUnknown : TruthOf(AnyMatches(*patterns, fact));
}

Truth MatchGroups(const std::optional<Patterns>& patterns,
                  const std::vector<std::string>& groups) noexcept {
  if (!patterns) return Truth::kTrue;
  if (groups.empty()) return Truth::kUnknown;
  return TruthOf(std::any_of(
      groups.begin(), groups.end(),
      [&](const std::string& group) { return AnyMatches(*patterns, group); }));
}

Truth MatchWho(const CompiledWho& who, const Subject& subject) noexcept {
  return And(And(MatchFact(who.users, subject.user),
                 MatchGroups(who.groups, subject.groups)),
             And(MatchFact(who.kube_users, subject.kube_user),
                 MatchFact(who.clients, subject.client)));
}

// Folds fields together and remembers the one to show.
class Folder {
 public:
  // False where nothing further can change the answer.
  bool Add(Truth truth, Field field) noexcept {
    if (truth == Truth::kTrue) return true;
    const bool first = match_.truth == Truth::kTrue;
    if (first || truth == Truth::kFalse) match_ = {truth, field};
    return truth != Truth::kFalse;
  }
  RuleMatch match() const { return match_; }

 private:
  RuleMatch match_{Truth::kTrue, Field::kNone};
};

// All fields but verbs and resources.
void AddFields(const CompiledMatch& match, const Request& request,
               const CallFacts& facts, Reading reading, Folder& folder) {
  if (match.namespaces &&
      !folder.Add(MatchNamespaces(*match.namespaces, request, reading),
                  Field::kNamespaces)) {
    return;
  }
  if (match.names &&
      !folder.Add(MatchNames(*match.names, request, reading), Field::kNames)) {
    return;
  }
  if (match.contexts &&
      !folder.Add(MatchContexts(*match.contexts, request), Field::kContexts)) {
    return;
  }
  if (match.servers &&
      !folder.Add(TruthOf(AnyMatches(*match.servers, facts.call.server)),
                  Field::kServers)) {
    return;
  }
  if (match.tools &&
      !folder.Add(TruthOf(AnyMatches(*match.tools, facts.call.tool)),
                  Field::kTools)) {
    return;
  }
  if (match.who) {
    folder.Add(MatchWho(*match.who, facts.subject), Field::kWho);
  }
}

Truth MatchException(const CompiledRule& rule, const Request& request,
                     const CallFacts& facts) noexcept {
  Folder folder;
  if (rule.unless->resources) {
    Truth any = Truth::kFalse;
    for (const ResourcePattern& pattern : *rule.unless->resources) {
      any = Or(any, MatchResource(pattern, request, rule.named_verbs));
    }
    folder.Add(any, Field::kResources);
  }
  AddFields(*rule.unless, request, facts, Reading::kException, folder);
  return folder.match().truth;
}

// Whether the rule still applies beside its exception. Unknown takes an allow
// away, leaves a deny standing, and makes an ask unknown (so that beside an
// allow it refuses).
Truth WithoutException(const CompiledRule& rule, const Request& request,
                       const CallFacts& facts) noexcept {
  const Truth exception = MatchException(rule, request, facts);
  if (exception != Truth::kUnknown) return Not(exception);
  switch (rule.effect) {
    case Effect::kAllow:
      return Truth::kFalse;
    case Effect::kAsk:
      return Truth::kUnknown;
    case Effect::kDeny:
      return Truth::kTrue;
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

// A resource that is not known may be a sensitive one, unless its group has
// none.
Truth CoversSensitive(const CompiledPolicy& policy, const CompiledRule& rule,
                      const Request& request) noexcept {
  if (HasNoObject(request.verb)) return Truth::kTrue;
  if (request.group && !request.resource &&
      !HasSensitive(policy, *request.group, request.verb)) {
    return Truth::kTrue;
  }
  if (!request.group || !request.resource || !request.subresource) {
    return Truth::kUnknown;
  }
  const SensitiveEntry* entry = policy.tables->FindSensitive(
      *request.group, *request.resource, *request.subresource);
  if (entry == nullptr) return Truth::kTrue;
  if (entry->writes_only && Contains(kReadingVerbs, request.verb)) {
    return Truth::kTrue;
  }
  return TruthOf(NamedByVerb(rule, request) || NamedByResource(rule, request));
}

}  // namespace

std::string_view FieldName(Field field) {
  switch (field) {
    case Field::kNone:
      return "nothing";
    case Field::kVerbs:
      return "verbs";
    case Field::kResources:
      return "resources";
    case Field::kNamespaces:
      return "namespaces";
    case Field::kNames:
      return "names";
    case Field::kContexts:
      return "contexts";
    case Field::kServers:
      return "servers";
    case Field::kTools:
      return "tools";
    case Field::kWho:
      return "who";
    case Field::kUnless:
      return "unless";
    case Field::kSensitive:
      return "sensitive, not named";
  }
  return "nothing";
}

bool IsNamespaceObject(const Request& request) noexcept {
  return request.resource == "namespaces" && request.group == "";
}

RuleMatch MatchRule(const CompiledPolicy& policy, const CompiledRule& rule,
                    const Request& request, const CallFacts& facts) noexcept {
  Folder folder;
  const RuleMatch verb = MatchVerbAndResource(rule, request);
  if (!folder.Add(verb.truth, verb.field)) return folder.match();
  // Of an allow, an unknown verb is never true, whatever the rule covers.
  AddFields(rule.match, request, facts, ReadingOf(rule.effect), folder);
  if (folder.match().truth == Truth::kFalse) return folder.match();
  if (rule.unless &&
      !folder.Add(WithoutException(rule, request, facts), Field::kUnless)) {
    return folder.match();
  }
  if (rule.effect != Effect::kDeny) {
    folder.Add(CoversSensitive(policy, rule, request), Field::kSensitive);
  }
  return folder.match();
}

}  // namespace gatehouse
