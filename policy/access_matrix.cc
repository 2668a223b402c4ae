// SPDX-License-Identifier: Apache-2.0
#include "policy/access_matrix.h"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

namespace gatehouse {
namespace {

// The subresources that people grant.
constexpr std::string_view kGrantedSubresources[] = {"log", "scale", "eviction",
                                                     "token"};

bool NamesObject(Verb verb) {
  return verb != Verb::kList && verb != Verb::kWatch &&
         verb != Verb::kDeleteCollection;
}

Request Probe(Verb verb, const AccessSubject& who,
              const std::string& namespace_name) {
  Request request;
  request.verb = verb;
  request.group = request.resource = request.subresource = "";
  request.all_namespaces = namespace_name == "*";
  request.namespace_name = request.all_namespaces ? "" : namespace_name;
  request.context = who.context;
  if (NamesObject(verb)) {
    request.name = std::nullopt;
  } else {
    request.name = "";
  }
  if (IsReading(verb)) request.pods.security = PodSecurity::kNone;
  return request;
}

// Whether it is only something about the object that stands against an allow.
bool DependsOnObject(const RequestTrace& trace) {
  const Code code = trace.decision.code;
  if (code == Code::kOutsideScope || code == Code::kProtected ||
      code == Code::kContext) {
    return false;
  }
  bool granted = false;
  for (const TraceStep& step : trace.steps) {
    if (step.observe || step.outcome.starts_with("no: ")) continue;
    if (step.effect != Effect::kDeny) {
      granted = true;
    } else if (step.outcome == "matches") {
      return false;
    }
  }
  return granted;
}

// Of the plural alone several groups may have one.
std::string WordFor(const ResourceType& type, const KubernetesTables& tables) {
  const auto found = tables.Find(type.plural);
  const bool first = !found.empty() && found.front()->group == type.group;
  return first ? type.plural : type.plural + "." + type.group;
}

struct Probes {
  const Engine& engine;
  const AccessSubject& who;
  std::string namespace_name;

  AccessRow Row(std::string word, const ResourceType& type,
                std::string_view subresource,
                std::span<const Verb> verbs) const {
    AccessRow row;
    row.resource = std::move(word);
    for (std::size_t i = 0; i < kObjectVerbs.size(); ++i) {
      row.answers[i] = Access::kNoSuchVerb;
      if (std::ranges::find(verbs, kObjectVerbs[i]) == verbs.end()) continue;
      Request request =
          Probe(kObjectVerbs[i], who, type.namespaced ? namespace_name : "");
      request.group = type.group;
      request.resource = type.plural;
      request.subresource = std::string(subresource);
      if (type.pods_at.empty() || !subresource.empty()) {
        request.pods.security = PodSecurity::kNone;
      }
      row.answers[i] = AccessTo(engine, who, request);
    }
    return row;
  }
};

}  // namespace

std::string_view AccessName(Access access) {
  switch (access) {
    case Access::kNo:
      return "no";
    case Access::kSome:
      return "some";
    case Access::kAsk:
      return "ask";
    case Access::kYes:
      return "yes";
    case Access::kNoSuchVerb:
      return "";
  }
  return "no";
}

Access AccessTo(const Engine& engine, const AccessSubject& who,
                const Request& request) {
  Classification call;
  call.server = who.server;
  call.tool = who.tool;
  call.known_tool = true;
  call.requests = {request};
  const Trace trace = engine.Explain(call, who.subject, who.time);
  if (trace.decision.effect == Effect::kAllow) return Access::kYes;
  if (trace.decision.effect == Effect::kAsk) return Access::kAsk;
  return DependsOnObject(trace.requests.front()) ? Access::kSome : Access::kNo;
}

std::vector<AccessRow> ObjectAccess(const Engine& engine,
                                    const KubernetesTables& tables,
                                    const AccessSubject& who,
                                    const std::string& namespace_name) {
  std::vector<AccessRow> rows;
  std::set<std::string> seen;  // a type may have several versions
  const Probes probes{engine, who, namespace_name};
  for (const ResourceType& type : tables.resources()) {
    // Gone since Kubernetes 1.22; its types live on in other groups.
    if (type.group == "extensions") continue;
    const std::string word = WordFor(type, tables);
    if (!seen.insert(word).second) continue;
    rows.push_back(probes.Row(word, type, "", VerbsOf(type)));
    for (const std::string_view name : kGrantedSubresources) {
      if (!type.subresources.Has(name)) continue;
      rows.push_back(probes.Row(word + "/" + std::string(name), type, name,
                                VerbsOfSubresource(name)));
    }
  }
  return rows;
}

std::vector<VerbAccess> FurtherAccess(const Engine& engine,
                                      const AccessSubject& who,
                                      const std::string& namespace_name) {
  std::vector<VerbAccess> answers;
  for (const auto& [verb, subresource] :
       {std::pair{Verb::kExec, "exec"}, {Verb::kForward, "portforward"}}) {
    Request request = Probe(verb, who, namespace_name);
    request.resource = "pods";
    request.subresource = subresource;
    request.pods.security = PodSecurity::kNone;
    answers.push_back({verb, "pods/" + std::string(subresource),
                       AccessTo(engine, who, request)});
  }
  for (const Verb verb : {Verb::kRaw, Verb::kConfig, Verb::kLocal, Verb::kFetch,
                          Verb::kDiscover, Verb::kNone}) {
    Request request = Probe(verb, who, "");
    request.name = "";
    if (verb == Verb::kRaw) request.path = "/";
    request.pods.security = PodSecurity::kNone;
    answers.push_back({verb, "", AccessTo(engine, who, request)});
  }
  return answers;
}

}  // namespace gatehouse
