// SPDX-License-Identifier: Apache-2.0
// The sentences in quotation marks are those of the language's description.
#include "tests/policy/reference/reference.h"

#include <algorithm>
#include <cstdlib>

namespace gatehouse::reference {
namespace {

enum Truth3 { kNo, kMaybe, kYes };

Truth3 Both(Truth3 a, Truth3 b) { return std::min(a, b); }
Truth3 Either(Truth3 a, Truth3 b) { return std::max(a, b); }
Truth3 If(bool condition) { return condition ? kYes : kNo; }

// "Patterns are globs (`*`, `?`) matching the whole value."
bool Glob(std::string_view glob, std::string_view value) {
  if (glob.empty()) return value.empty();
  if (glob[0] == '*') {
    return Glob(glob.substr(1), value) ||
           (!value.empty() && Glob(glob, value.substr(1)));
  }
  return !value.empty() && (glob[0] == '?' || glob[0] == value[0]) &&
         Glob(glob.substr(1), value.substr(1));
}

bool AnyGlob(const std::vector<std::string>& globs, const std::string& value) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const auto& glob) { return Glob(glob, value); });
}

bool Holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Truth3 GlobMatch(const std::vector<std::string>& globs,
                 const std::optional<std::string>& value) {
  if (!value) return kMaybe;
  return If(AnyGlob(globs, *value));
}

// Verbs and groups.

std::set<std::string> VerbsOf(const std::string& word) {
  static const std::set<std::string> any = {
      "get",      "list",    "watch",  "create",
      "update",   "patch",   "delete", "deletecollection",
      "exec",     "forward", "raw",    "impersonate",
      "escalate", "config",  "local",  "fetch",
      "discover", "none"};
  if (word == "read") return {"get", "list", "watch", "discover", "none"};
  if (word == "write") {
    return {"create", "update", "patch", "delete", "deletecollection"};
  }
  if (word == "delete") return {"delete", "deletecollection"};
  if (word == "any") return any;
  return {word};
}

std::set<std::string> AllVerbs(const Rule& rule) {
  std::set<std::string> verbs;
  for (const std::string& word : rule.verbs) verbs.merge(VerbsOf(word));
  return verbs;
}

std::string VerbOf(const Request& request) {
  return std::string(VerbName(request.verb));
}

bool Reads(const std::string& verb) {
  return verb == "get" || verb == "list" || verb == "watch" ||
         verb == "discover";
}

// raw, config, …: not about an object of a resource type.
bool IsAboutNoObject(const std::string& verb) {
  return Holds(
      {"raw", "config", "local", "fetch", "discover", "none", "unclear"}, verb);
}

bool IsNamespaceObject(const Request& request) {
  return request.resource == "namespaces" && request.group == "";
}

// Resources.

struct ResourceWord {
  std::string type;
  std::string group;        // "*" for any
  bool every = false;       // "*": with all its subresources
  std::string subresource;  // a glob; "" for the thing itself
  bool exact = false;       // names one: no glob
};

ResourceWord Parse(const std::string& word) {
  static const std::vector<std::pair<std::string, std::string>> types = {
      {"pods", ""},
      {"secrets", ""},
      {"nodes", ""},
      {"namespaces", ""},
      {"services", ""},
      {"configmaps", ""},
      {"deployments", "apps"},
      {"clusterroles", "rbac.authorization.k8s.io"},
      {"widgets", "example.com"}};
  ResourceWord parsed;
  if (word == "*") return {"*", "*", true, "", false};
  const std::size_t slash = word.find('/');
  parsed.type = word.substr(0, slash);
  if (slash != std::string::npos) parsed.subresource = word.substr(slash + 1);
  if (parsed.type == "po") parsed.type = "pods";
  if (parsed.type == "Deployment") parsed.type = "deployments";
  parsed.type = parsed.type.substr(0, parsed.type.find('.'));
  parsed.group = "*";
  for (const auto& [type, group] : types) {
    if (type == parsed.type) parsed.group = group;
  }
  parsed.exact = word.find('*') == std::string::npos;
  return parsed;
}

// "rules written as get or create on pods/exec compile to it": the verbs that
// a word about these subresources covers beside those written.
std::set<std::string> MeantVerbs(const ResourceWord& word,
                                 const std::set<std::string>& verbs) {
  std::set<std::string> meant = verbs;
  if (word.subresource.empty() || word.every) return meant;
  const auto covers = [&](const char* sub) {
    return Glob(word.subresource, sub);
  };
  const bool by = verbs.count("get") > 0 || verbs.count("create") > 0;
  const bool changes = verbs.count("update") > 0 || verbs.count("patch") > 0;
  if (by && (covers("exec") || covers("attach"))) meant.insert("exec");
  if ((by || changes) && covers("ephemeralcontainers")) meant.insert("exec");
  if (by && (covers("portforward") || covers("proxy"))) meant.insert("forward");
  return meant;
}

// "naming `exec` or `forward` among the verbs names the subresource"
bool NamesSubresource(const Rule& rule, const std::string& verb) {
  return (verb == "exec" || verb == "forward") && Holds(rule.verbs, verb);
}

Truth3 MatchWord(const Rule& rule, const ResourceWord& word,
                 const Request& request) {
  Truth3 type =
      word.type == "*" ? kYes : GlobMatch({word.type}, request.resource);
  Truth3 group =
      word.group == "*" ? kYes : GlobMatch({word.group}, request.group);
  Truth3 sub = kYes;
  if (!word.every) {
    if (word.subresource.empty() && NamesSubresource(rule, VerbOf(request))) {
      sub = kYes;
    } else if (!request.subresource) {
      sub = kMaybe;
    } else if (word.subresource.empty()) {
      sub = If(request.subresource->empty());
    } else {
      sub = If(!request.subresource->empty() &&
               Glob(word.subresource, *request.subresource));
    }
  }
  return Both(Both(type, group), sub);
}

Truth3 MatchVerbAndResource(const Rule& rule, const Request& request) {
  const std::string verb = VerbOf(request);
  const std::set<std::string> verbs = AllVerbs(rule);
  const auto covers = [&](const std::set<std::string>& set) {
    return verb == "unknown" ? kMaybe : If(set.count(verb) > 0);
  };
  if (!rule.match.resources) return covers(verbs);
  Truth3 any = kNo;
  for (const std::string& text : *rule.match.resources) {
    const ResourceWord word = Parse(text);
    any = Either(any, Both(covers(MeantVerbs(word, verbs)),
                           MatchWord(rule, word, request)));
  }
  return any;
}

// "Sensitive resources must be named"
bool IsSensitive(const std::string& group, const std::string& type,
                 const std::string& sub, bool reads) {
  if (group.empty() && type == "secrets" && sub.empty()) return true;
  if (group.empty() && type == "pods" &&
      Holds({"exec", "attach", "portforward", "proxy", "ephemeralcontainers"},
            sub)) {
    return true;
  }
  if (group.empty() && (type == "services" || type == "nodes") &&
      sub == "proxy") {
    return true;
  }
  if (reads) return false;
  if (type == "clusterroles") return group == "rbac.authorization.k8s.io";
  return group.empty() && (type == "namespaces" || type == "nodes") &&
         (sub.empty() || sub == "status");
}

Truth3 NamesWhatIsSensitive(const Rule& rule, const Request& request) {
  const std::string verb = VerbOf(request);
  if (IsAboutNoObject(verb)) return kYes;
  if (!request.group || !request.resource || !request.subresource) {
    // A group without anything sensitive: whatever the rest is.
    const bool harmless =
        request.group == "example.com" || request.group == "apps" ||
        (request.group == "rbac.authorization.k8s.io" && Reads(verb));
    return harmless ? kYes : kMaybe;
  }
  if (!IsSensitive(*request.group, *request.resource, *request.subresource,
                   Reads(verb))) {
    return kYes;
  }
  if (!rule.match.resources) {
    return If(NamesSubresource(rule, verb) &&
              (request.resource == "pods" || request.resource == "services"));
  }
  for (const std::string& text : *rule.match.resources) {
    const ResourceWord word = Parse(text);
    if (word.exact && MatchWord(rule, word, request) == kYes) return kYes;
  }
  return kNo;
}

// The other fields.

enum class As { kAllow, kHold, kUnless };

// What a request that reaches more than a pattern says is to it.
Truth3 Partly(As as) {
  if (as == As::kAllow) return kNo;
  return as == As::kHold ? kYes : kMaybe;
}

Truth3 MatchNamespaces(const std::vector<std::string>& list,
                       const Request& request, As as) {
  const std::string verb = VerbOf(request);
  // "`discover` and `none` are not fenced by namespaces"
  if ((verb == "discover" || verb == "none") && as == As::kAllow) return kYes;
  // "the object `namespaces/foo` is cluster-scoped"
  if (IsNamespaceObject(request)) return If(Holds(list, ""));
  if (request.all_namespaces) {
    if (Holds(list, "*")) return kYes;
    const bool only_cluster =
        std::all_of(list.begin(), list.end(),
                    [](const std::string& word) { return word.empty(); });
    return only_cluster ? kNo : Partly(as);
  }
  if (!request.namespace_name) return kMaybe;
  // "`""` (the literal only) = cluster scope"
  if (request.namespace_name->empty()) return If(Holds(list, ""));
  return If(AnyGlob(list, *request.namespace_name));
}

Truth3 MatchFact(const List& list, const std::string& fact) {
  if (!list) return kYes;
  return fact.empty() ? kMaybe : If(AnyGlob(*list, fact));
}

Truth3 MatchGroups(const List& list, const std::vector<std::string>& groups) {
  if (!list) return kYes;
  if (groups.empty()) return kMaybe;
  return If(std::any_of(groups.begin(), groups.end(), [&](const auto& group) {
    return AnyGlob(*list, group);
  }));
}

int Number(const std::string& text, std::size_t at, std::size_t size) {
  return std::atoi(text.substr(at, size).c_str());
}

// 0 is Sunday. Counts days one by one from 1970-01-01, a Thursday.
int WeekdayOf(const std::string& time) {
  const int year = Number(time, 0, 4);
  const int month = Number(time, 5, 2);
  const auto leap = [](int y) {
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  };
  int days = 0;
  for (int y = 1970; y < year; ++y) days += leap(y) ? 366 : 365;
  const int lengths[] = {
      31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int m = 1; m < month; ++m) days += lengths[m - 1];
  return (days + Number(time, 8, 2) - 1 + 4) % 7;
}

bool MatchWhen(const When& when, const std::string& time) {
  const std::vector<std::string> names = {"sun", "mon", "tue", "wed",
                                          "thu", "fri", "sat"};
  const auto on = [&](int weekday) {
    return when.days.empty() ||
           Holds(when.days, names[static_cast<std::size_t>(weekday)]);
  };
  const int today = WeekdayOf(time);
  const int yesterday = (today + 6) % 7;
  if (when.hours.empty()) return on(today);
  const int minute = Number(time, 11, 2) * 60 + Number(time, 14, 2);
  for (const std::string& hours : when.hours) {
    const int from = Number(hours, 0, 2) * 60 + Number(hours, 3, 2);
    const int to = Number(hours, 6, 2) * 60 + Number(hours, 9, 2);
    if (from < to && on(today) && minute >= from && minute < to) return true;
    if (from > to && on(today) && minute >= from) return true;
    if (from > to && on(yesterday) && minute < to) return true;
  }
  return false;
}

// All fields of a match but resources.
Truth3 MatchFields(const Match& match, const Request& request,
                   const Question& question, As as) {
  Truth3 all = kYes;
  if (match.namespaces) {
    all = Both(all, MatchNamespaces(*match.namespaces, request, as));
  }
  if (match.names) {
    // "An allow with `names` never matches a request without a name; a deny or
    // ask with `names` also fires on one"
    const bool nameless = request.name && request.name->empty();
    all = Both(all,
               nameless ? Partly(as) : GlobMatch(*match.names, request.name));
  }
  if (match.contexts)
    all = Both(all, GlobMatch(*match.contexts, request.context));
  if (match.servers) {
    all = Both(all, If(AnyGlob(*match.servers, question.call.server)));
  }
  if (match.tools) {
    all = Both(all, If(AnyGlob(*match.tools, question.call.tool)));
  }
  all = Both(all, MatchFact(match.users, question.subject.user));
  all = Both(all, MatchGroups(match.groups, question.subject.groups));
  all = Both(all, MatchFact(match.kube_users, question.subject.kube_user));
  all = Both(all, MatchFact(match.clients, question.subject.client));
  if (match.when) all = Both(all, If(MatchWhen(*match.when, question.time)));
  return all;
}

Truth3 MatchUnless(const Rule& rule, const Request& request,
                   const Question& question) {
  Truth3 all = MatchFields(*rule.unless, request, question, As::kUnless);
  if (rule.unless->resources) {
    Truth3 any = kNo;
    for (const std::string& text : *rule.unless->resources) {
      any = Either(any, MatchWord(rule, Parse(text), request));
    }
    all = Both(all, any);
  }
  return all;
}

Truth3 MatchRule(const Rule& rule, const Request& request,
                 const Question& question) {
  const As as = rule.effect == "allow" ? As::kAllow : As::kHold;
  Truth3 truth = MatchVerbAndResource(rule, request);
  truth = Both(truth, MatchFields(rule.match, request, question, as));
  // Times of one form and zone compare as text.
  if (!rule.until.empty() && question.time >= rule.until) return kNo;
  if (rule.unless) {
    const Truth3 exception = MatchUnless(rule, request, question);
    // "unknown counts as true for allow and ask, as false for deny"; an ask
    // that an unknown exception may lift is unknown, which refuses.
    if (exception == kYes) return kNo;
    if (exception == kMaybe && rule.effect == "allow") return kNo;
    if (exception == kMaybe && rule.effect == "ask")
      truth = Both(truth, kMaybe);
  }
  if (rule.effect != "deny") {
    truth = Both(truth, NamesWhatIsSensitive(rule, request));
  }
  return truth;
}

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
  if (IsNamespaceObject(request)) return Holds(list, "");
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
  if (IsNamespaceObject(request)) return hits(request.name);
  if (request.all_namespaces || !request.namespace_name) return true;
  if (!request.namespace_name->empty()) return hits(request.namespace_name);
  const bool may_be_namespace = !request.resource || !request.group;
  return may_be_namespace && !IsAboutNoObject(verb) && hits(request.name);
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
