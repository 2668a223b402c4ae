// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a helm command line to requests, by the command's row in helm.yaml.
// Which objects a chart or a stored release holds cannot be told from the
// arguments: such requests are marked (HelmPart), and where they may lie
// outside the release's namespace, Meaning::beyond says so.

#include <string>
#include <vector>

#include "policy/kubernetes/cluster_view.h"
#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/tables.h"

namespace gatehouse {

// `argv` without the program's own name. HELM_* variables that choose a
// cluster, a namespace or a store are taken for unset: profiles list them as
// settings.
Meaning MeaningOfHelm(const std::vector<std::string>& argv,
                      const KubernetesTables& tables,
                      const ClusterView& cluster);

}  // namespace gatehouse
