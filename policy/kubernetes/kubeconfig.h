// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the text of kubeconfig files to a ClusterView: which context is
// current, and each context's cluster, user and namespace. Merges as client-go
// does (tools/clientcmd/loader.go): the first file that says something wins.
// Reads no credentials, opens no file.

#include <span>

#include "policy/issue.h"
#include "policy/kubernetes/cluster_view.h"
#include "policy/result.h"

namespace gatehouse {

// `files` in KUBECONFIG's order; none: an empty view. kInvalid, with the first
// fault and its place, where one is not a kubeconfig. YAML or JSON; fields it
// does not need are not looked at.
Result<ClusterView> ReadKubeconfig(std::span<const SourceText> files);

}  // namespace gatehouse
