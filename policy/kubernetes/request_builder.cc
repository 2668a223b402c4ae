// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/request_builder.h"

#include <utility>

namespace gatehouse {
namespace {

// get and create on these run code or open a tunnel, whatever the verb says.
void Normalise(Request& request) {
  if (request.resource != "pods" || request.group != "") return;
  if (request.subresource == "exec" || request.subresource == "attach") {
    request.verb = Verb::kExec;
  } else if (request.subresource == "portforward") {
    request.verb = Verb::kForward;
  }
}

}  // namespace

Place CurrentPlace(const ClusterView& cluster) {
  return {cluster.current, cluster.CurrentNamespace(), false};
}

Place PlaceInContext(const ClusterView& cluster, const std::string& name) {
  const ContextView* context = cluster.Find(name);
  if (context == nullptr) return {name, std::nullopt, false};
  return {name, context->namespace_name, false};
}

Place InNamespace(Place place, std::string namespace_name) {
  place.all_namespaces = false;
  place.namespace_name = std::move(namespace_name);
  return place;
}

Place InAllNamespaces(Place place) {
  place.all_namespaces = true;
  place.namespace_name = "";
  return place;
}

Request RequestFor(Verb verb, const Operand& operand,
                   std::string_view subresource,
                   std::optional<std::string> name, const Place& place) {
  Request request;
  request.verb = verb;
  if (verb == Verb::kGet && name == "") request.verb = Verb::kList;
  request.group = operand.group;
  request.subresource = std::string(subresource);
  request.namespace_name = place.namespace_name;
  request.all_namespaces = place.all_namespaces;
  request.name = std::move(name);
  request.context = place.context;
  if (operand.type == nullptr) {
    // Its scope is not known either: it may not be namespaced at all.
    if (!place.all_namespaces) request.namespace_name = std::nullopt;
    return request;
  }
  request.group = operand.type->group;
  request.resource = operand.type->plural;
  if (!operand.type->namespaced) {
    request.namespace_name = "";
    request.all_namespaces = false;
  }
  Normalise(request);
  return request;
}

Request PlainRequest(Verb verb, const Place& place) {
  Request request;
  request.verb = verb;
  request.group = "";
  request.resource = "";
  request.subresource = "";
  request.namespace_name = "";
  request.name = "";
  request.context = place.context;
  return request;
}

Request UnclearRequest(const Place& place) {
  Request request;
  request.verb = Verb::kUnclear;
  request.context = place.context;
  return request;
}

Request RawRequest(std::string path, const Place& place) {
  Request request;
  request.verb = Verb::kRaw;
  request.context = place.context;
  request.path = std::move(path);
  return request;
}

}  // namespace gatehouse
