// SPDX-License-Identifier: Apache-2.0
// The sentences in quotation marks are those of the language's description.
// One rule against one request.
#include <algorithm>
#include <cstdlib>

#include "tests/policy/reference/matching.h"

namespace gatehouse::reference {
namespace {

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
  if (reference::IsNamespaceObject(request)) return If(Holds(list, ""));
  if (request.all_namespaces) {
    const bool beyond = MayBeClusterScoped(request) && !Holds(list, "");
    if (Holds(list, "*")) return beyond ? Partly(as) : kYes;
    const bool only_cluster =
        std::all_of(list.begin(), list.end(),
                    [](const std::string& word) { return word.empty(); });
    return only_cluster ? kNo : Partly(as);
  }
  if (MayBeClusterScoped(request)) {
    // It is in its namespace or in the cluster.
    const auto& place = request.custom->namespace_name;
    if (!place) return kMaybe;
    const bool there = AnyGlob(list, *place);
    return there == Holds(list, "") ? If(there) : kMaybe;
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
  if (match.pod_security) {
    const bool known = request.pods.security != PodSecurity::kUnknown;
    const std::string standard(PodSecurityName(request.pods.security));
    all = Both(all, known ? If(Holds(*match.pod_security, standard)) : kMaybe);
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
    all = Both(all, MatchResources(rule, *rule.unless->resources, request));
  }
  return all;
}

}  // namespace

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
  if (rule.effect != "deny" && !CoversUnseen(rule, request)) {
    truth = Both(truth, NamesWhatIsSensitive(rule, request));
  }
  return truth;
}

}  // namespace gatehouse::reference
