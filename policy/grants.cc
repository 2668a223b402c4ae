// SPDX-License-Identifier: Apache-2.0
#include "policy/grants.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "policy/protected_namespaces.h"

namespace gatehouse {
namespace {

// Names of Kubernetes things; no glob, expression or YAML can hide in them.
bool IsPlain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  });
}

// A context may be an ARN or a URL, but no pattern.
bool IsPlainContext(std::string_view text) {
  return !text.empty() && !text.starts_with('/') &&
         std::ranges::all_of(text, [](char c) {
           return c > ' ' && c < 0x7f && c != '*' && c != '?' && c != '\\' &&
                  c != '"';
         });
}

// One request's grant, before they are gathered.
struct Single {
  Verb verb = Verb::kUnknown;
  std::optional<GrantedResource> resource;
  std::string namespace_name;
  std::string held;
};

bool WritesToProtected(const Request& request) {
  if (IsReading(request.verb)) return false;
  return request.all_namespaces ||
         std::ranges::find(kProtectedByDefault, *request.namespace_name) !=
             kProtectedByDefault.end();
}

std::string WhyHeld(const Request& request, const KubernetesTables& tables) {
  const SensitiveEntry* entry = tables.FindSensitive(
      *request.group, *request.resource, *request.subresource);
  if (entry != nullptr && !(entry->writes_only && IsReading(request.verb))) {
    return entry->why;
  }
  if (WritesToProtected(request)) {
    return "changes a protected namespace, which \"protect\" refuses too";
  }
  return "";
}

bool IsSafelyKnown(const Request& request) {
  return request.group && request.resource && request.subresource &&
         request.namespace_name && request.helm == HelmPart::kNone &&
         !request.resource->empty() && IsPlain(*request.group) &&
         IsPlain(*request.resource) && IsPlain(*request.subresource) &&
         IsPlain(*request.namespace_name);
}

// nullopt: beyond what a rule can name.
std::optional<Single> SingleOf(const Request& request,
                               const KubernetesTables& tables) {
  const Verb verb = request.verb;
  if (verb == Verb::kUnknown || verb == Verb::kUnclear) return std::nullopt;
  if (verb == Verb::kDiscover || verb == Verb::kNone) {
    return Single{verb, std::nullopt, "", ""};
  }
  if (HasNoObject(verb) || verb == Verb::kImpersonate ||
      verb == Verb::kEscalate) {
    return Single{verb, std::nullopt, "", "reaches beyond ordinary objects"};
  }
  if (!IsSafelyKnown(request)) return std::nullopt;
  return Single{
      verb,
      GrantedResource{*request.group, *request.resource, *request.subresource},
      request.all_namespaces ? "*" : *request.namespace_name,
      WhyHeld(request, tables)};
}

// Same verbs on several resources of a place, then the same in several places.
std::vector<Grant> Gather(const std::vector<Single>& singles) {
  using Place = std::tuple<std::string, std::string>;  // held, namespace
  std::map<Place, std::map<GrantedResource, std::set<Verb>>> by_resource;
  std::map<std::string, std::set<Verb>> objectless;
  for (const Single& single : singles) {
    if (single.resource) {
      by_resource[{single.held, single.namespace_name}][*single.resource]
          .insert(single.verb);
    } else {
      objectless[single.held].insert(single.verb);
    }
  }
  using Key =
      std::tuple<std::string, std::set<Verb>, std::set<GrantedResource>>;
  std::map<Key, std::set<std::string>> merged;
  for (const auto& [place, resources] : by_resource) {
    std::map<std::set<Verb>, std::set<GrantedResource>> by_verbs;
    for (const auto& [resource, verbs] : resources) {
      by_verbs[verbs].insert(resource);
    }
    for (const auto& [verbs, names] : by_verbs) {
      merged[{std::get<0>(place), verbs, names}].insert(std::get<1>(place));
    }
  }
  std::vector<Grant> grants;
  grants.reserve(objectless.size() + merged.size());
  for (const auto& [held, verbs] : objectless) {
    grants.push_back({verbs, {}, {}, held});
  }
  for (const auto& [key, namespaces] : merged) {
    grants.push_back(
        {std::get<1>(key), std::get<2>(key), namespaces, std::get<0>(key)});
  }
  return grants;
}

}  // namespace

Grants GatherGrants(const std::vector<Request>& requests,
                    const KubernetesTables& tables) {
  Grants grants;
  std::vector<Single> singles;
  for (const Request& request : requests) {
    auto single = SingleOf(request, tables);
    if (!single) {
      grants.beyond.insert(Describe(request));
      continue;
    }
    singles.push_back(*std::move(single));
    if (request.context && IsPlainContext(*request.context)) {
      grants.contexts.insert(*request.context);
    }
  }
  for (Grant& grant : Gather(singles)) {
    (grant.held.empty() ? grants.ordinary : grants.held)
        .push_back(std::move(grant));
  }
  return grants;
}

std::set<std::string> NamespacesOf(const Grants& grants) {
  std::set<std::string> namespaces;
  for (const Grant& grant : grants.ordinary) {
    namespaces.insert(grant.namespaces.begin(), grant.namespaces.end());
  }
  return namespaces;
}

}  // namespace gatehouse
