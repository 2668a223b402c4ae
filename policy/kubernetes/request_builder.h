// SPDX-License-Identifier: Apache-2.0
#pragma once
// Puts a verb, a type, a name and a place together into one Request, so that
// scope and normal form are decided in one spot: cluster-scoped types have no
// namespace, types we do not know have an unknown one, exec and port-forward
// have their own verbs.

#include <optional>
#include <string>
#include <string_view>

#include "policy/kubernetes/cluster_view.h"
#include "policy/kubernetes/resource_words.h"
#include "policy/request.h"

namespace gatehouse {

// Where a request goes. nullopt: not known.
struct Place {
  std::optional<std::string> context;
  std::optional<std::string> namespace_name;
  bool all_namespaces = false;
};

// The place of a call that names neither: current context, its namespace.
Place CurrentPlace(const ClusterView& cluster);
// The context of that name with its own namespace; unknown where the
// kubeconfig has none of that name.
Place PlaceInContext(const ClusterView& cluster, const std::string& name);
Place InNamespace(Place place, std::string namespace_name);
Place InAllNamespaces(Place place);

// `name`: nullopt not known, "" none. A get without a name is a list.
Request RequestFor(Verb verb, const Operand& operand,
                   std::string_view subresource,
                   std::optional<std::string> name, const Place& place);
// Tells what the pods of a request ask for, where that is not known yet.
Request WithPods(Request request, PodsFrom from, const Operand& operand);

// A request that names no resource: discover, config, local, fetch, none.
Request PlainRequest(Verb verb, const Place& place);
Request UnclearRequest(const Place& place);
Request RawRequest(std::string path, const Place& place);

}  // namespace gatehouse
