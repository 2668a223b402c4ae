// SPDX-License-Identifier: Apache-2.0
#include "policy/request_phrase.h"

#include <array>
#include <cstddef>
#include <string_view>

#include "policy/fault.h"
#include "policy/rule_match.h"

namespace gatehouse {
namespace {

std::string_view Gerund(Verb verb) {
  switch (verb) {
    case Verb::kUnknown:
      return "Doing something unknown to";
    case Verb::kGet:
      return "Reading";
    case Verb::kList:
      return "Listing";
    case Verb::kWatch:
      return "Watching";
    case Verb::kCreate:
      return "Creating";
    case Verb::kUpdate:
      return "Replacing";
    case Verb::kPatch:
      return "Changing";
    case Verb::kDelete:
      return "Deleting";
    case Verb::kDeleteCollection:
      return "Deleting all";
    case Verb::kExec:
      return "Running commands in";
    case Verb::kForward:
      return "Forwarding ports to";
    case Verb::kRaw:
      return "Calling the API path";
    case Verb::kImpersonate:
      return "Impersonating";
    case Verb::kEscalate:
      return "Granting rights through";
    case Verb::kConfig:
      return "Reading or changing the kubeconfig";
    case Verb::kLocal:
      return "Using files or programs of this machine";
    case Verb::kFetch:
      return "Making the server fetch a URL";
    case Verb::kDiscover:
      return "Asking the cluster what it offers";
    case Verb::kNone:
      return "Calling a tool that touches nothing";
    case Verb::kUnclear:
      return "A call that is not fully understood";
  }
  return "This";
}

std::string PlacePhrase(const Request& request) {
  if (request.all_namespaces) return " in all namespaces";
  if (IsScopeUnknown(request) && request.custom->namespace_name) {
    return " in namespace " + Quoted(*request.custom->namespace_name);
  }
  if (!request.namespace_name) return " in a namespace that is not known";
  if (request.namespace_name->empty()) return "";
  return " in namespace " + Quoted(*request.namespace_name);
}

}  // namespace

std::string ResourcePhrase(const Request& request) {
  if (request.helm == HelmPart::kChart) return "what the chart holds";
  if (request.helm == HelmPart::kRelease) return "helm's record of a release";
  if (!request.resource && request.custom) {
    return request.custom->word.empty()
               ? "custom resources"
               : "the custom resource " + Quoted(request.custom->word);
  }
  if (!request.resource) return "a resource that is not known";
  std::string text = *request.resource;
  if (!request.subresource) {
    text += "/?";
  } else if (!request.subresource->empty()) {
    text += "/" + *request.subresource;
  }
  return text;
}

std::string RequestPhrase(const Request& request) {
  if (request.verb == Verb::kUnclear && request.helm == HelmPart::kChart) {
    return "What the chart holds beyond its namespace, where only the "
           "cluster's own rights bound it,";
  }
  std::string text(Gerund(request.verb));
  if (request.verb == Verb::kRaw) {
    return text + " " + Quoted(request.path.value_or("?"));
  }
  if (HasNoObject(request.verb)) return text;
  // Where a command line says `--as`, whom is not looked at.
  if (request.verb == Verb::kImpersonate && request.resource == "") {
    return "Acting as another user or group";
  }
  text += " " + ResourcePhrase(request);
  if (request.helm == HelmPart::kNone && request.name &&
      !request.name->empty()) {
    text += " " + Quoted(*request.name);
  }
  return text + PlacePhrase(request);
}

}  // namespace gatehouse
