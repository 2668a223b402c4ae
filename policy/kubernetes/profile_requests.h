// SPDX-License-Identifier: Apache-2.0
#pragma once
// Carries out a profile's request steps: the tools that talk to the API server
// themselves, without kubectl.

#include "policy/kubernetes/argument_values.h"
#include "policy/kubernetes/cluster_view.h"
#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {

// What every step of one call shares. Borrows all.
struct StepContext {
  const ToolSpec& tool;
  const ArgumentValues& values;
  const KubernetesTables& tables;
  const ClusterView& cluster;
};

// The requests of one step; `unclear` where an argument cannot be accounted
// for (without a request of that verb: the classifier adds one).
Meaning MeaningOfStep(const RequestStep& step, const StepContext& context);

}  // namespace gatehouse
