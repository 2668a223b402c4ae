// SPDX-License-Identifier: Apache-2.0
// What the rules and fences of two policies match by.
#include "policy/space_builder.h"

namespace gatehouse {
namespace {

template <typename List>
void Append(List& list, const List& more) {
  list.insert(list.end(), more.begin(), more.end());
}

void Append(Patterns& list, const std::optional<Patterns>& more) {
  if (more) Append(list, *more);
}

}  // namespace

void MatchedPatterns::Add(const CompiledMatch& match) {
  if (match.resources) Append(resources, *match.resources);
  if (match.namespaces) Append(namespaces, match.namespaces->patterns);
  Append(names, match.names);
  Append(contexts, match.contexts);
  Append(servers, match.servers);
  Append(tools, match.tools);
  Append(methods, match.methods);
  Append(uris, match.uris);
  Append(prompts, match.prompts);
  pods = pods || match.pod_security;
  if (match.when) windows.push_back(*match.when);
  if (!match.who) return;
  Append(users, match.who->users);
  Append(groups, match.who->groups);
  Append(kube_users, match.who->kube_users);
  Append(clients, match.who->clients);
}

MatchedPatterns MatchedPatterns::Of(const CompiledPolicy& a,
                                    const CompiledPolicy& b) {
  MatchedPatterns patterns;
  patterns.Add(a);
  patterns.Add(b);
  return patterns;
}

void MatchedPatterns::Add(const CompiledPolicy& policy) {
  for (const CompiledRule& rule : policy.rules) {
    Add(rule.match);
    if (rule.unless) Add(*rule.unless);
    if (rule.until) ends.push_back(*rule.until);
  }
  for (const Patterns& fence : policy.context_fences) Append(contexts, fence);
  for (const NamespacePatterns& fence : policy.namespace_fences) {
    Append(namespaces, fence.patterns);
  }
  Append(namespaces, policy.protect);
  Append(protect, policy.protect);
  dry_run = dry_run || policy.dry_run_reads;
}

}  // namespace gatehouse
