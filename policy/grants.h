// SPDX-License-Identifier: Apache-2.0
#pragma once
// From requests that were seen to the grants that would have let them pass,
// gathered into as few rules as say exactly that: what `policy generate` makes
// policies and RBAC manifests of. Narrow in verbs, resources and namespaces;
// not in names, since pods are named anew. Pure.

#include <set>
#include <string>
#include <vector>

#include "policy/kubernetes/tables.h"
#include "policy/request.h"

namespace gatehouse {

// Of one type; the parts as Request has them.
struct GrantedResource {
  std::string group;
  std::string resource;
  std::string subresource;

  // clang-tidy 14 sees a 0 of its own making in this.
  // NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const GrantedResource&,
                          const GrantedResource&) = default;
};

// Every verb on every resource in every place.
struct Grant {
  std::set<Verb> verbs;
  std::set<GrantedResource> resources;  // empty: verbs that have no object
  std::set<std::string> namespaces;     // "*" all at once, "" cluster scope
  // Why a person has to decide it: "holds credentials"; "" for what is
  // ordinary.
  std::string held;
};

struct Grants {
  std::vector<Grant> ordinary;
  std::vector<Grant> held;
  std::set<std::string> contexts;
  // Requests that no rule can name exactly, in short: unclear ones, helm's, and
  // those with unknown or strange parts.
  std::set<std::string> beyond;
};

Grants GatherGrants(const std::vector<Request>& requests,
                    const KubernetesTables& tables);

// Every namespace of the ordinary grants; "*" and "" included.
std::set<std::string> NamespacesOf(const Grants& grants);

}  // namespace gatehouse
