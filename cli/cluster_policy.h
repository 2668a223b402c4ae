// SPDX-License-Identifier: Apache-2.0
#pragma once
// A policy as it is at one kubeconfig's context: what the commands that ask a
// policy begin with.

#include <memory>
#include <string>

#include "cli/cluster_file.h"
#include "cli/command.h"
#include "cli/policy_source.h"

namespace gatehouse::cli {

struct ClusterPolicy {
  // Other than kExitDone: it failed, and standard error says why.
  int exit_code = kExitDone;
  std::unique_ptr<ClusterFile> cluster;
  std::shared_ptr<const KubernetesTables> tables;
  LoadedPolicy policy;

  const Engine& engine() const { return *policy.engine; }
};

// `kubeconfig` and `context` as on the command line; "" where not given.
ClusterPolicy OpenClusterPolicy(PolicyChoice choice,
                                const std::string& kubeconfig,
                                const std::string& context);

}  // namespace gatehouse::cli
