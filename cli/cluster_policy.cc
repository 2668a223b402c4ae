// SPDX-License-Identifier: Apache-2.0
#include "cli/cluster_policy.h"

#include <iostream>
#include <utility>

namespace gatehouse::cli {

ClusterPolicy OpenClusterPolicy(PolicyChoice choice,
                                const std::string& kubeconfig,
                                const std::string& context) {
  ClusterPolicy opened;
  auto cluster = ClusterFile::Open(kubeconfig, context);
  if (!cluster.ok()) {
    std::cerr << "gatehouse: " << cluster.error().sentence << "\n";
    opened.exit_code = kExitEnvironment;
    return opened;
  }
  opened.cluster = std::move(cluster).value();
  opened.tables = KubernetesTables::Embedded();
  choice.current_context = opened.cluster->start_context();
  if (!context.empty()) choice.only_context = context;
  choice.tables = opened.tables;
  opened.policy = LoadPolicy(choice);
  if (opened.policy.engine != nullptr) return opened;
  std::cerr << opened.policy.Faults() << "\n";
  opened.exit_code = opened.policy.error.empty() ? kExitNo : kExitEnvironment;
  return opened;
}

}  // namespace gatehouse::cli
