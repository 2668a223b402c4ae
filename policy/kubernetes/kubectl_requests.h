// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a kubectl command line to requests, by the command's row in
// kubectl.yaml: arguments -> place and flags -> targets -> requests. What a
// flag or a file could change beyond what the arguments tell makes it unclear.

#include "policy/kubernetes/cluster_view.h"
#include "policy/kubernetes/kubectl_targets.h"
#include "policy/kubernetes/meaning.h"
#include "policy/kubernetes/tables.h"

namespace gatehouse {

Meaning MeaningOfKubectl(const KubectlRun& run, const KubernetesTables& tables,
                         const ClusterView& cluster);

}  // namespace gatehouse
