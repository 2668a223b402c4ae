// SPDX-License-Identifier: Apache-2.0
#include "policy/field_match.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse {
namespace {

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

// A custom resource is in its namespace or in the cluster.
Truth EitherPlace(const NamespacePatterns& namespaces,
                  const Request& request) noexcept {
  const std::optional<std::string>& place = request.custom->namespace_name;
  if (!place) return Truth::kUnknown;
  const bool there = AnyMatches(namespaces.patterns, *place);
  return there == namespaces.cluster_scope ? TruthOf(there) : Truth::kUnknown;
}

Truth Namespaces(const CompiledMatch& match, const Request& request,
                 const CallFacts&, Reading reading) noexcept {
  if (!match.namespaces) return Truth::kTrue;
  const NamespacePatterns& namespaces = *match.namespaces;
  const bool placeless =
      request.verb == Verb::kDiscover || request.verb == Verb::kNone;
  if (placeless && reading == Reading::kGrant) return Truth::kTrue;
  if (IsNamespaceObject(request)) return TruthOf(namespaces.cluster_scope);
  if (request.all_namespaces) {
    if (HasAny(namespaces.patterns)) {
      const bool partly = IsScopeUnknown(request) && !namespaces.cluster_scope;
      return partly ? Partly(reading) : Truth::kTrue;
    }
    return namespaces.patterns.empty() ? Truth::kFalse : Partly(reading);
  }
  if (IsScopeUnknown(request)) return EitherPlace(namespaces, request);
  if (!request.namespace_name) return Truth::kUnknown;
  if (request.namespace_name->empty()) {
    return TruthOf(namespaces.cluster_scope);
  }
  return TruthOf(AnyMatches(namespaces.patterns, *request.namespace_name));
}

Truth Names(const CompiledMatch& match, const Request& request,
            const CallFacts&, Reading reading) noexcept {
  if (!match.names) return Truth::kTrue;
  if (!request.name) return Truth::kUnknown;
  if (request.name->empty()) return Partly(reading);
  return TruthOf(AnyMatches(*match.names, *request.name));
}

Truth Contexts(const CompiledMatch& match, const Request& request,
               const CallFacts&, Reading) noexcept {
  if (!match.contexts) return Truth::kTrue;
  if (!request.context) return Truth::kUnknown;
  return TruthOf(AnyMatches(*match.contexts, *request.context));
}

Truth Servers(const CompiledMatch& match, const Request&,
              const CallFacts& facts, Reading) noexcept {
  if (!match.servers) return Truth::kTrue;
  return TruthOf(AnyMatches(*match.servers, facts.call.server));
}

bool NamesMethods(const CompiledMatch& match) {
  return match.methods || match.uris || match.prompts;
}

Truth Tools(const CompiledMatch& match, const Request&, const CallFacts& facts,
            Reading) noexcept {
  if (facts.call.asked != Asked::kToolCall) {
    return TruthOf(MeansMethods(match));
  }
  if (match.tools) return TruthOf(AnyMatches(*match.tools, facts.call.tool));
  return TruthOf(MeansToolCalls(match));
}

Truth Methods(const CompiledMatch& match, const Request&,
              const CallFacts& facts, Reading) noexcept {
  if (!match.methods || facts.call.asked == Asked::kToolCall) {
    return Truth::kTrue;
  }
  return TruthOf(AnyMatches(*match.methods, facts.call.method));
}

// `patterns` are about targets of one kind: what has another is not meant.
Truth MatchTarget(const std::optional<Patterns>& patterns, Asked kind,
                  const CallFacts& facts) noexcept {
  const Classification& call = facts.call;
  if (!patterns || call.asked == Asked::kToolCall) return Truth::kTrue;
  // A template stands for many URIs.
  if (call.asked == kind && facts.question == Question::kCouldAllow &&
      call.target.find('{') != std::string::npos) {
    return Truth::kUnknown;
  }
  return TruthOf(call.asked == kind && AnyMatches(*patterns, call.target));
}

Truth Uris(const CompiledMatch& match, const Request&, const CallFacts& facts,
           Reading) noexcept {
  return MatchTarget(match.uris, Asked::kResource, facts);
}

Truth Prompts(const CompiledMatch& match, const Request&,
              const CallFacts& facts, Reading) noexcept {
  return MatchTarget(match.prompts, Asked::kPrompt, facts);
}

// A standard is matched exactly: "baseline" is not "privileged".
Truth PodStandards(const CompiledMatch& match, const Request& request,
                   const CallFacts&, Reading) noexcept {
  if (!match.pod_security) return Truth::kTrue;
  const PodSecurity security = request.pods.security;
  if (security == PodSecurity::kUnknown) return Truth::kUnknown;
  return TruthOf((*match.pod_security & SetOf(security)) != 0);
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

Truth Who(const CompiledMatch& match, const Request&, const CallFacts& facts,
          Reading) noexcept {
  if (!match.who) return Truth::kTrue;
  const CompiledWho& who = *match.who;
  const Subject& subject = facts.subject;
  return And(And(MatchFact(who.users, subject.user),
                 MatchGroups(who.groups, subject.groups)),
             And(MatchFact(who.kube_users, subject.kube_user),
                 MatchFact(who.clients, subject.client)));
}

Truth When(const CompiledMatch& match, const Request&, const CallFacts& facts,
           Reading) noexcept {
  if (!match.when) return Truth::kTrue;
  if (facts.question == Question::kCouldAllow) return Truth::kUnknown;
  return TruthOf(
      match.when->Holds(std::chrono::floor<std::chrono::seconds>(facts.time)));
}

// The first that is false is the one to show, so what people mistake most
// stands first.
constexpr FieldTest kTests[] = {
    {Field::kNamespaces, Namespaces},
    {Field::kNames, Names},
    {Field::kContexts, Contexts},
    {Field::kServers, Servers},
    {Field::kTools, Tools},
    {Field::kMethods, Methods},
    {Field::kUris, Uris},
    {Field::kPrompts, Prompts},
    {Field::kPodSecurity, PodStandards},
    {Field::kWho, Who},
    {Field::kWhen, When},
};

}  // namespace

std::span<const FieldTest> FieldTests() noexcept { return kTests; }

bool MeansToolCalls(const CompiledMatch& match) noexcept {
  return match.tools || !NamesMethods(match);
}

bool MeansMethods(const CompiledMatch& match) noexcept {
  return !match.tools || NamesMethods(match);
}

FieldSet FieldsGiven(const CompiledMatch& match) noexcept {
  const bool targets = match.tools || NamesMethods(match);
  const bool given[] = {
      match.namespaces.has_value(),
      match.names.has_value(),
      match.contexts.has_value(),
      match.servers.has_value(),
      targets,
      match.methods.has_value(),
      match.uris.has_value(),
      match.prompts.has_value(),
      match.pod_security.has_value(),
      match.who.has_value(),
      match.when.has_value(),
  };
  static_assert(std::size(given) == std::size(kTests));
  FieldSet set = 0;
  for (std::size_t i = 0; i < std::size(given); ++i) {
    if (given[i]) set |= static_cast<FieldSet>(1u << i);
  }
  return set;
}

}  // namespace gatehouse
