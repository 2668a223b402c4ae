// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/hunt/fence.h"

#include <algorithm>
#include <array>

namespace gatehouse::testing {
namespace {

bool IsOneOf(const std::string& word,
             std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* one) { return word == one; });
}

bool IsRead(const SeenRequest& seen) {
  return IsOneOf(seen.verb, {"get", "list", "watch"});
}

bool IsWrite(const SeenRequest& seen) {
  return IsOneOf(seen.verb,
                 {"create", "update", "patch", "delete", "deletecollection"});
}

// A path that is no resource at all is a raw call.
bool IsOrdinary(const SeenRequest& seen) {
  return !seen.resource.empty() && seen.resource != "secrets" &&
         !IsOneOf(seen.subresource, {"exec", "attach", "portforward", "proxy",
                                     "ephemeralcontainers", "token"});
}

bool IsPower(const SeenRequest& seen) {
  return IsOneOf(seen.resource, {"roles", "rolebindings", "serviceaccounts"});
}

// kubectl asks whether the namespace of a missing object is there.
bool IsProbeOf(const char* place, const SeenRequest& seen) {
  return seen.verb == "get" && seen.resource == "namespaces" &&
         seen.name == place && seen.subresource.empty();
}

bool ReadsDev(const SeenRequest& seen) {
  return IsProbeOf("dev", seen) ||
         (seen.namespace_name == "dev" && IsRead(seen) && IsOrdinary(seen));
}

bool EditsDev(const SeenRequest& seen) {
  return ReadsDev(seen) || (seen.namespace_name == "dev" && IsWrite(seen) &&
                            IsOrdinary(seen) && !IsPower(seen));
}

bool RunsInDev(const SeenRequest& seen) {
  return ReadsDev(seen) ||
         (seen.namespace_name == "dev" && seen.resource == "pods" &&
          IsOneOf(seen.subresource, {"exec", "attach"}) &&
          IsOneOf(seen.verb, {"get", "create"}));
}

bool SeesWebOnly(const SeenRequest& seen) {
  if (IsProbeOf("dev", seen)) return true;
  if (seen.namespace_name != "dev" || !seen.name.starts_with("web")) {
    return false;
  }
  if (seen.resource == "pods") {
    return seen.verb == "get" && IsOneOf(seen.subresource, {"", "log"});
  }
  return seen.resource == "deployments" && seen.group == "apps" &&
         seen.subresource == "scale" &&
         IsOneOf(seen.verb, {"get", "patch", "update"});
}

// Everything ordinary may be read but what belongs to kube-system and but the
// configmaps: over all namespaces that cannot be told apart.
bool ReadsAllButSystem(const SeenRequest& seen) {
  if (!IsRead(seen) || !IsOrdinary(seen)) return false;
  if (IsOneOf(seen.resource, {"configmaps"})) return false;
  if (seen.namespace_name == "kube-system") return false;
  // A list without a namespace is cluster scope or all namespaces.
  return !seen.namespace_name.empty() ||
         IsOneOf(seen.resource, {"nodes",
                                 "namespaces",
                                 "persistentvolumes",
                                 "storageclasses",
                                 "priorityclasses",
                                 "clusterroles",
                                 "clusterrolebindings",
                                 "ingressclasses",
                                 "runtimeclasses",
                                 "csidrivers",
                                 "csinodes",
                                 "volumeattachments",
                                 "customresourcedefinitions",
                                 "apiservices",
                                 "mutatingwebhookconfigurations",
                                 "validatingwebhookconfigurations",
                                 "componentstatuses",
                                 "certificatesigningrequests",
                                 "flowschemas",
                                 "subjectaccessreviews",
                                 "tokenreviews",
                                 "prioritylevelconfigurations",
                                 "validatingadmissionpolicies",
                                 "validatingadmissionpolicybindings",
                                 "projects",
                                 "mutatingadmissionpolicies",
                                 "mutatingadmissionpolicybindings",
                                 "deviceclasses",
                                 "resourceslices",
                                 "clustertrustbundles",
                                 "ipaddresses",
                                 "servicecidrs",
                                 "volumeattributesclasses",
                                 "storageversions",
                                 "storageversionmigrations"});
}

constexpr std::array kFences = {Fence{"reader", 'r', R"(apiVersion: gatehouse/v1
kind: Policy
name: reader
scope: {namespaces: [dev]}
rules:
  - {id: read, allow: read}
)",
                                      ReadsDev},
                                Fence{"editor", 'e', R"(apiVersion: gatehouse/v1
kind: Policy
name: editor
scope: {namespaces: [dev]}
rules:
  - {id: edit, allow: [read, write]}
)",
                                      EditsDev},
                                Fence{"runner", 'x', R"(apiVersion: gatehouse/v1
kind: Policy
name: runner
scope: {namespaces: [dev]}
rules:
  - {id: read, allow: read}
  - {id: run, allow: exec, resources: [pods/exec, pods/attach]}
)",
                                      RunsInDev},
                                Fence{"narrow", 'n', R"(apiVersion: gatehouse/v1
kind: Policy
name: narrow
scope: {namespaces: [dev]}
rules:
  - {id: look, allow: get, resources: [pods, pods/log], names: ["web*"]}
  - {id: scale, allow: [get, patch, update], resources: [deployments/scale], names: [web]}
  - {id: discover, allow: discover}
)",
                                      SeesWebOnly},
                                Fence{"denier", 'd', R"(apiVersion: gatehouse/v1
kind: Policy
name: denier
scope: {namespaces: ["*", ""]}
rules:
  - {id: read, allow: read}
  - {id: system, deny: any, namespaces: [kube-system]}
  - {id: settings, deny: any, resources: [configmaps]}
)",
                                      ReadsAllButSystem}};

}  // namespace

std::span<const Fence> Fences() { return kFences; }

bool Allows(const Fence& fence, const std::string& line) {
  const std::string path = line.substr(0, line.find('?'));
  if (path.find('%') != path.npos || path.find("..") != path.npos ||
      path.find("//") != path.npos) {
    return false;
  }
  const std::optional<SeenRequest> seen = SeenIn(line);
  return !seen || fence.allows(*seen);
}

}  // namespace gatehouse::testing
