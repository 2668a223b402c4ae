// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/request_builder.h"

#include <utility>

#include "policy/kubernetes/fields.h"

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

// Whether a request of this verb can bring pods, or change what pods ask for.
bool MayBringPods(const Request& request, const ResourceType* type) {
  switch (request.verb) {
    case Verb::kUnknown:
    case Verb::kCreate:
    case Verb::kUpdate:
    case Verb::kPatch:
    case Verb::kExec:  // debug adds a container
      break;
    case Verb::kRaw:
    case Verb::kUnclear:
      return true;
    default:
      return false;
  }
  // A custom resource may be one that makes pods.
  if (type == nullptr) return true;
  return !type->pods_at.empty() &&
         (request.subresource == "" ||
          request.subresource == "ephemeralcontainers");
}

// What a category lists besides is taken to be namespaced, else "get all" would
// be outside every fence of namespaces (SECURITY.md); what is changed is not.
void SetCustom(Request& request, const Operand& operand, const Place& place) {
  CustomType custom;
  custom.word = LowerCase(operand.word.substr(0, operand.word.find('.')));
  if (operand.of_category) custom.word = "";
  if (!place.all_namespaces) custom.namespace_name = place.namespace_name;
  if (operand.of_category && IsReading(request.verb)) {
    request.namespace_name = place.namespace_name;
  }
  request.custom = std::move(custom);
}

void SetPods(Request& request, const ResourceType* type) {
  request.pods.security =
      MayBringPods(request, type) ? PodSecurity::kUnknown : PodSecurity::kNone;
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
    if (operand.custom) SetCustom(request, operand, place);
    SetPods(request, nullptr);
    return request;
  }
  request.group = operand.type->group;
  request.resource = operand.type->plural;
  if (!operand.type->namespaced) {
    request.namespace_name = "";
    request.all_namespaces = false;
  }
  Normalise(request);
  SetPods(request, operand.type);
  return request;
}

Request WithPods(Request request, PodsFrom from, const Operand& operand) {
  PodFacts& pods = request.pods;
  if (pods.security != PodSecurity::kUnknown) return request;
  switch (from) {
    case PodsFrom::kUnknown:
      break;
    case PodsFrom::kManifest:
      if (operand.pods) pods = *operand.pods;
      break;
    case PodsFrom::kImage:
      pods = {PodSecurity::kBaseline, "runAsNonRoot is not set", false, ""};
      break;
    case PodsFrom::kNowhere:
      pods.security = PodSecurity::kNone;
      break;
  }
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
  request.pods.security = PodSecurity::kNone;
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
