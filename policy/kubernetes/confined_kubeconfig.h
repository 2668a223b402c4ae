// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kubeconfig that a confined server gets: the contexts in scope, with their
// clusters and users, and nothing else. Written as JSON, which every reader of
// kubeconfigs takes; what stands below a cluster, user or context is kept as
// it was, but for `extensions`, and relative paths, which are made absolute as
// client-go does (tools/clientcmd/loader.go, ResolveLocalPaths).
//
// Pure: text in, text out. cli/confinement keeps the file.

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "policy/kubernetes/kubeconfig.h"

namespace gatehouse {

// What of a kubeconfig a server may have.
struct Confinement {
  std::function<bool(std::string_view context)> in_scope;
  // Which context shall be current. Where it is not in the copy, clients fail
  // on it: without a current context, or with none at all, they would fall
  // back to the service account of a pod or to localhost.
  std::string current;
  // The server's own choice of a context's namespace, in place of the file's.
  std::map<std::string, std::string, std::less<>> namespaces;
};

struct ConfinedKubeconfig {
  std::string text;
  ClusterView view;
};

// The names of the contexts in scope that lead somewhere: their cluster is
// there and has a server. (With another one, clients fall back too.)
std::vector<std::string> ContextsInScope(const Kubeconfig& whole,
                                         const Confinement& confinement);

// kInvalid where something in scope cannot be copied truthfully: a value that
// YAML readers type differently, a legacy `auth-provider`. May hold no context
// at all: then `current` names one that is not there.
Result<ConfinedKubeconfig> Confine(const Kubeconfig& whole,
                                   const Confinement& confinement);

}  // namespace gatehouse
