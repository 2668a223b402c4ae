// SPDX-License-Identifier: Apache-2.0
#include "tests/policy/reference/generator.h"

#include <algorithm>

namespace gatehouse::reference {

std::string Generator::Pick(std::initializer_list<const char*> words) {
  return *(words.begin() + random_() % words.size());
}

std::vector<std::string> Generator::Some(
    std::initializer_list<const char*> words) {
  std::vector<std::string> some;
  const std::size_t count = 1 + random_() % 2;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string word = Pick(words);
    if (std::find(some.begin(), some.end(), word) == some.end()) {
      some.push_back(word);
    }
  }
  return some;
}

List Generator::Maybe(unsigned n, std::initializer_list<const char*> words) {
  if (!OneIn(n)) return std::nullopt;
  return Some(words);
}

std::vector<std::string> Generator::Verbs(bool may_be_unclear) {
  if (may_be_unclear && OneIn(8)) return {"unclear"};
  return Some({"read", "read", "write", "any", "get", "list", "delete", "patch",
               "create", "update", "exec", "forward", "discover", "none",
               "deletecollection", "raw", "local"});
}

When Generator::NewWhen() {
  When when;
  if (OneIn(2)) when.days = Some({"mon", "fri", "sat", "sun"});
  if (when.days.empty() || OneIn(2)) {
    when.hours = Some({"09:00-17:00", "22:00-06:00", "00:00-12:00"});
  }
  return when;
}

Match Generator::NewMatch(bool exception, bool may_trust_clients) {
  const unsigned often = exception ? 2 : 3;
  Match match;
  match.resources = Maybe(
      2, {"pods", "po", "secrets", "*", "Deployment", "deployments/scale",
          "pods/*", "pods/exec", "pods/log", "nodes", "namespaces", "sec*",
          "clusterroles", "widgets.example.com", "services/proxy", "*/status",
          "configmaps", "*.example.com", "widgets.example.com"});
  match.namespaces = Maybe(often, {"a", "b", "", "*", "a*", "kube-system"});
  match.names = Maybe(6, {"x", "y*", "?1"});
  match.contexts = Maybe(10, {"dev", "prod", "d*"});
  match.servers = Maybe(12, {"sample-server", "other-*"});
  match.tools = Maybe(8, {"sample", "kubectl_*"});
  match.pod_security =
      Maybe(8, {"privileged", "baseline", "restricted", "privileged"});
  match.users = Maybe(12, {"ana", "b*"});
  match.groups = Maybe(12, {"ops", "st*"});
  match.kube_users = Maybe(14, {"ana@cluster"});
  if (match.users || match.groups || match.kube_users || may_trust_clients) {
    match.clients = Maybe(8, {"claude", "cur*"});
  }
  if (OneIn(10)) match.when = NewWhen();
  return match;
}

Rule Generator::NewRule(const std::string& id, const std::string& effect) {
  Rule rule;
  rule.id = id;
  rule.effect = effect;
  const bool deny = effect == "deny";
  rule.match = NewMatch(false, deny);
  if (effect == "allow") rule.match.pod_security.reset();
  rule.verbs = Verbs(deny || rule.match.tools);
  rule.helm = !deny && !rule.match.resources && !rule.match.names && OneIn(3);
  if (OneIn(4)) {
    // Exceptions to a deny or ask grant what they hold back.
    rule.unless = NewMatch(true, effect == "allow");
    if (!rule.unless->resources && !rule.unless->namespaces) {
      rule.unless->namespaces = Some({"a", "b", "*"});
    }
  }
  rule.observe = OneIn(8);
  if (OneIn(10)) {
    rule.until = Pick({"2026-11-27T12:00:00Z", "2027-01-01T00:00:00Z"});
  }
  if (!deny && OneIn(8)) rule.limit_calls = 1 + static_cast<int>(random_() % 9);
  return rule;
}

Policy Generator::NewPolicy() {
  Policy policy;
  policy.observe = OneIn(6);
  policy.dry_run_reads = OneIn(3);
  policy.scope_contexts = Maybe(3, {"dev", "prod", "*", "d*"});
  policy.scope_namespaces = Maybe(3, {"a", "b", "", "*", "a*", "kube-*"});
  if (OneIn(2)) {
    policy.protect =
        OneIn(2) ? std::vector<std::string>{} : Some({"a", "kube-*", "b*"});
  }
  const std::size_t count = 1 + random_() % 7;
  for (std::size_t i = 0; i < count; ++i) {
    policy.rules.push_back(
        NewRule("r" + std::to_string(i),
                Pick({"allow", "allow", "allow", "ask", "deny"})));
  }
  if (OneIn(2)) policy.rules.push_back(BroadAllow());
  return policy;
}

// Something for the others to hold back.
Rule Generator::BroadAllow() {
  Rule rule;
  rule.id = "broad";
  rule.effect = "allow";
  rule.verbs = Some({"any", "read", "write"});
  rule.helm = OneIn(4);
  if (OneIn(3)) rule.limit_calls = 5;
  if (OneIn(3)) rule.match.namespaces = {{"*"}};
  return rule;
}

// What helm touches without naming it, and its own records.
Request Generator::NewHelmRequest() {
  Request request;
  request.verb = VerbFromName(Pick({"get", "list", "create", "update", "patch",
                                    "delete", "unclear"}))
                     .value();
  request.namespace_name = Pick({"a", "b", "kube-system"});
  request.context = OneIn(8) ? "prod" : "dev";
  request.helm = HelmPart::kChart;
  if (OneIn(6)) request.namespace_name.reset();
  if (request.verb == Verb::kUnclear || OneIn(2)) return request;
  request.helm = HelmPart::kRelease;
  request.group = request.subresource = "";
  request.resource = "secrets";
  if (request.verb == Verb::kList) request.name = "";
  return request;
}

// A type that is no built-in one: its plural and its scope are not known.
Request Generator::NewCustomRequest() {
  Request request;
  request.verb = VerbFromName(Pick({"get", "list", "patch", "delete", "create",
                                    "update", "watch"}))
                     .value();
  if (!OneIn(6)) request.group = OneIn(3) ? "other.org" : "example.com";
  request.subresource = "";
  request.name = Pick({"", "x", "y1"});
  request.context = "dev";
  CustomType custom;
  custom.word = Pick({"widgets", "widget", "gadget", ""});
  const std::string space = Pick({"a", "b", "kube-system"});
  if (OneIn(5)) {
    request.all_namespaces = true;
    request.namespace_name = "";
  } else if (!OneIn(8)) {
    custom.namespace_name = space;
    // What a category lists is taken to be namespaced.
    if (custom.word.empty() && IsReading(request.verb)) {
      request.namespace_name = space;
    }
  }
  request.custom = std::move(custom);
  return request;
}

Request Generator::NewRequest() {
  if (OneIn(9)) return NewHelmRequest();
  if (OneIn(9)) return NewCustomRequest();
  struct Type {
    const char* group;
    const char* resource;
    const char* subresource;
    bool cluster;
  };
  static constexpr Type kTypes[] = {
      {"", "pods", "", false},
      {"", "pods", "", false},
      {"", "pods", "log", false},
      {"", "pods", "exec", false},
      {"", "secrets", "", false},
      {"", "configmaps", "", false},
      {"apps", "deployments", "", false},
      {"apps", "deployments", "scale", false},
      {"apps", "deployments", "status", false},
      {"", "services", "proxy", false},
      {"", "nodes", "", true},
      {"", "nodes", "proxy", true},
      {"", "namespaces", "", true},
      {"rbac.authorization.k8s.io", "clusterroles", "", true},
      {"example.com", "widgets", "", false},
  };
  const Type& type = kTypes[random_() % std::size(kTypes)];
  Request request;
  request.verb =
      OneIn(3)
          ? static_cast<Verb>(random_() % kVerbCount)
          : VerbFromName(Pick({"get", "list", "patch", "delete", "create"}))
                .value();
  if (std::string_view(type.subresource) == "exec") request.verb = Verb::kExec;
  if (std::string_view(type.subresource) == "proxy" && OneIn(2)) {
    request.verb = Verb::kForward;
  }
  request.group = type.group;
  request.resource = type.resource;
  request.subresource = type.subresource;
  request.name = Pick({"", "x", "y1", "z"});
  request.context = OneIn(8) ? "prod" : "dev";
  request.namespace_name =
      type.cluster ? "" : Pick({"a", "b", "a1", "c", "kube-system"});
  if (!type.cluster && OneIn(6)) {
    request.all_namespaces = true;
    request.namespace_name = "";
    request.name = "";
  }
  request.dry_run = OneIn(6);
  request.pods.security = static_cast<PodSecurity>(random_() % 5);
  return OneIn(6) ? Forget(request) : request;
}

Request Generator::Forget(Request request) {
  switch (random_() % 6) {
    case 0:
      request.verb = Verb::kUnknown;
      break;
    case 1:
      request.resource.reset();
      if (OneIn(2)) request.group.reset();
      break;
    case 2:
      request.namespace_name.reset();
      request.all_namespaces = false;
      break;
    case 3:
      request.subresource.reset();
      break;
    case 4:
      request.context.reset();
      break;
    default:
      request.name.reset();
  }
  return request;
}

Question Generator::NewQuestion() {
  Question question;
  question.call.server = OneIn(6) ? "other-server" : "sample-server";
  question.call.tool = OneIn(3) ? "kubectl_get" : "sample";
  question.call.known_tool = true;
  const std::size_t count = OneIn(40) ? 0 : OneIn(3) ? 2 + random_() % 2 : 1;
  for (std::size_t i = 0; i < count; ++i) {
    question.call.requests.push_back(NewRequest());
  }
  question.subject = {"ana", {"staff", "ops"}, "ana@cluster", "claude"};
  if (OneIn(8)) question.subject.user = OneIn(2) ? "" : "bob";
  if (OneIn(8)) question.subject.groups.clear();
  if (OneIn(8)) question.subject.client = OneIn(2) ? "" : "cursor";
  question.time = OneIn(20)
                      ? "1970-01-01T00:00:00Z"
                      : Pick({"2026-11-27T10:00:00Z", "2026-11-27T10:00:00Z",
                              "2026-11-28T03:00:00Z", "2026-11-29T23:30:00Z",
                              "2027-06-01T12:00:00Z"});
  return question;
}

}  // namespace gatehouse::reference
