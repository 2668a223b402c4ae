// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kubeconfig that the tests of profiles and of what they read share.

#include "policy/kubernetes/kubeconfig.h"

namespace gatehouse {

inline ClusterView DevAndProd() {
  return {"dev",
          {{"dev", "A", "", "dev-user", "ctx-ns"},
           {"prod", "B", "", "prod-user", "prod-ns"}}};
}

}  // namespace gatehouse
