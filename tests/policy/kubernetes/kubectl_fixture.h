// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tests of kubectl's stages share: the embedded tables, a kubeconfig
// of two contexts, and a command line's meaning on one line.

#include <memory>
#include <string>
#include <vector>

#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/tables.h"

namespace gatehouse {

inline const std::shared_ptr<const KubernetesTables>& KubectlTables() {
  static const auto tables = KubernetesTables::Embedded();
  return tables;
}

inline ClusterView TwoContexts() {
  return {"dev",
          {{"dev", "A", "", "dev-user", "ctx"},
           {"prod", "B", "", "prod-user", "prod-ns"}}};
}

// The requests, "; " between them; "!" first where the call is unclear.
inline std::string ReadKubectl(const std::vector<std::string>& argv,
                               const std::string* manifest = nullptr) {
  const Meaning meaning =
      MeaningOfKubectl({argv, manifest}, *KubectlTables(), TwoContexts());
  std::string text = meaning.unclear ? "!" : "";
  for (const Request& request : meaning.requests) {
    if (request.verb == Verb::kUnclear) continue;
    if (text.size() > 1) text += "; ";
    text += Describe(request);
  }
  return text;
}

struct KubectlRow {
  std::vector<std::string> argv;
  std::string expected;
};

}  // namespace gatehouse
