// SPDX-License-Identifier: Apache-2.0
// The sentences in quotation marks are those of the language's description.
// Fences, the rules of a request, the requests of a call, the layers.
#include "tests/policy/reference/reference.h"

#include <algorithm>

#include "tests/policy/reference/matching.h"

namespace gatehouse::reference {
namespace {

// Fences.

bool InScope(const Policy& policy, const Request& request,
             const std::string& current) {
  const std::string verb = VerbOf(request);
  // What touches nothing touches no cluster.
  if (verb != "none") {
    const std::vector<std::string> contexts =
        policy.scope_contexts.value_or(std::vector<std::string>{current});
    const bool any = policy.scope_contexts && Holds(contexts, "*");
    if (!any && GlobMatch(contexts, request.context) != kYes) return false;
  }
  if (!policy.scope_namespaces || verb == "discover" || verb == "none") {
    return true;
  }
  const auto& list = *policy.scope_namespaces;
  if (reference::IsNamespaceObject(request)) return Holds(list, "");
  // A custom resource is inside where both its places are.
  if (MayBeClusterScoped(request)) {
    const auto& place = request.custom->namespace_name;
    const bool there = request.all_namespaces ? Holds(list, "*")
                                              : place && AnyGlob(list, *place);
    return there && Holds(list, "");
  }
  // "a request over all namespaces is inside only with `*`; an unknown
  // namespace is outside"
  if (request.all_namespaces) return Holds(list, "*");
  if (!request.namespace_name) return false;
  if (request.namespace_name->empty()) return Holds(list, "");
  return AnyGlob(list, *request.namespace_name);
}

bool IsProtected(const Policy& policy, const Request& request) {
  const std::vector<std::string> protect =
      policy.protect.value_or(std::vector<std::string>{
          "kube-system", "kube-public", "kube-node-lease"});
  const std::string verb = VerbOf(request);
  if (protect.empty() || Reads(verb) || verb == "none") return false;
  const auto hits = [&](const std::optional<std::string>& value) {
    return !value || value->empty() || AnyGlob(protect, *value);
  };
  // "it covers the Namespace object of that name, requests over all
  // namespaces and unknown namespaces"
  if (reference::IsNamespaceObject(request)) return hits(request.name);
  if (request.all_namespaces) return true;
  if (MayBeClusterScoped(request)) return hits(request.custom->namespace_name);
  if (!request.namespace_name) return true;
  if (!request.namespace_name->empty()) return hits(request.namespace_name);
  const bool may_be_namespace = !request.resource || !request.group;
  return may_be_namespace && hits(request.name);
}

// Deciding.

struct One {
  std::string effect = "deny";
  std::set<std::string> rules;
  std::string limit;  // the rule that counts it
};

One DecideRequest(const Policy& policy, Request request,
                  const Question& question, const std::string& current,
                  bool with_observed) {
  if (policy.dry_run_reads && request.dry_run &&
      Holds({"create", "update", "patch"}, VerbOf(request))) {
    request.verb = Verb::kGet;
  }
  One one;
  const bool fenced =
      !InScope(policy, request, current) || IsProtected(policy, request);
  std::vector<const Rule*> asks;
  std::vector<const Rule*> allows;
  bool unknown_ask = false;
  bool denied = false;
  for (const Rule& rule : policy.rules) {
    if (rule.observe && !with_observed) continue;
    const Truth3 truth = MatchRule(rule, request, question);
    // "A deny fires on true or unknown."
    if (rule.effect == "deny" && truth != kNo) {
      denied = true;
      one.rules.insert(rule.id);
    }
    if (rule.effect == "ask" && truth == kYes) asks.push_back(&rule);
    if (rule.effect == "ask" && truth == kMaybe) unknown_ask = true;
    // "An allow needs every field true."
    if (rule.effect == "allow" && truth == kYes) allows.push_back(&rule);
  }
  // A fence that stops a call may leave the naming to a rule that does too.
  if (denied || fenced) return one;
  // "An ask that is unknown beside a true allow decides deny"
  if (asks.empty() && (allows.empty() || unknown_ask)) return one;
  const auto& winners = asks.empty() ? allows : asks;
  one.effect = asks.empty() ? "allow" : "ask";
  for (const Rule* rule : winners) one.rules.insert(rule->id);
  const bool free =
      std::any_of(winners.begin(), winners.end(),
                  [](const Rule* r) { return r->limit_calls == 0; });
  if (!free) one.limit = winners.front()->id;
  return one;
}

int Strictness(const std::string& effect) {
  return effect == "deny" ? 2 : effect == "ask" ? 1 : 0;
}

bool ReadsClock(const Policy& policy) {
  return std::any_of(
      policy.rules.begin(), policy.rules.end(), [](const Rule& rule) {
        return !rule.until.empty() || rule.limit_calls > 0 || rule.match.when ||
               (rule.unless && rule.unless->when);
      });
}

// "each is decided; the strictest decision is the call's. No request at all is
// unclear."
Answer DecideLayer(const Policy& policy, const Question& question,
                   const std::string& current) {
  Answer answer;
  const bool clock_is_wrong = question.time < "2026" || question.time >= "2100";
  if (question.call.requests.empty() ||
      (ReadsClock(policy) && clock_is_wrong)) {
    answer.passes = policy.observe;
    return answer;
  }
  const auto strictest = [&](bool with_observed) {
    One whole;
    whole.effect = "allow";
    for (const Request& request : question.call.requests) {
      const One one =
          DecideRequest(policy, request, question, current, with_observed);
      if (Strictness(one.effect) > Strictness(whole.effect)) {
        whole.effect = one.effect;
        whole.rules.clear();
      }
      if (one.effect == whole.effect) {
        whole.rules.insert(one.rules.begin(), one.rules.end());
      }
      if (!with_observed && !one.limit.empty()) answer.limits.insert(one.limit);
    }
    return whole;
  };
  const One enforced = strictest(false);
  answer.effect = enforced.effect;
  answer.rules = enforced.rules;
  answer.with_observed = strictest(true).effect;
  answer.passes = answer.effect == "allow" || policy.observe;
  if (answer.effect == "deny") answer.limits.clear();
  return answer;
}

}  // namespace

// "the system policy and the user's are decided apart; the stricter stands",
// and observing lifts only what the user's own policy refuses.
Answer ReferenceDecide(const Policy& policy, const Policy* system,
                       const Question& question, const std::string& current) {
  const Answer user = DecideLayer(policy, question, current);
  if (system == nullptr) return user;
  const Answer above = DecideLayer(*system, question, current);
  Answer both = user;
  both.passes = user.passes && above.passes;
  both.rules.clear();
  both.limits.insert(above.limits.begin(), above.limits.end());
  if (Strictness(above.effect) > Strictness(user.effect)) {
    both.effect = above.effect;
  }
  // What the system refuses hides what the user's would merely observe.
  if (user.passes && !above.passes) both.effect = above.effect;
  if (Strictness(above.with_observed) > Strictness(both.with_observed)) {
    both.with_observed = above.with_observed;
  }
  if (both.effect == "deny") both.limits.clear();
  return both;
}

}  // namespace gatehouse::reference
