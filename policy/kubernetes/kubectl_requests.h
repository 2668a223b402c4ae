// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a parsed kubectl command line to requests, by the command's row in
// kubectl.yaml. What a flag or a file could change beyond what the arguments
// tell makes it unclear.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/cluster_view.h"
#include "policy/kubernetes/manifest.h"
#include "policy/kubernetes/tables.h"
#include "policy/request.h"

namespace gatehouse {

// Stands in an argument vector for the temporary file that a server writes a
// call's manifest to. No argument of a call can hold it: control bytes are
// refused first.
inline constexpr std::string_view kInlineManifest = "\x01manifest";

// One run of kubectl. Borrows everything.
struct KubectlRun {
  const std::vector<std::string>& argv;   // without the program's own name
  const std::string* manifest = nullptr;  // text behind kInlineManifest
};

// Where `unclear` is set, `requests` holds what is known all the same.
struct Meaning {
  std::vector<Request> requests;
  std::optional<Unclear> unclear;
  // Of helm: what may lie beyond the namespaces named. Its request (unclear,
  // HelmPart::kChart) is among `requests`.
  std::optional<Unclear> beyond;
};

Meaning MeaningOfKubectl(const KubectlRun& run, const KubernetesTables& tables,
                         const ClusterView& cluster);

}  // namespace gatehouse
