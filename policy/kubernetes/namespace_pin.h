// SPDX-License-Identifier: Apache-2.0
#pragma once
// The namespace that a call leaves out, written out: `run --pin-namespace`
// forwards the call with it, so that neither another current context nor
// another default of the server makes it a different one. Only what the
// classifier itself shows to change nothing is pinned. Grants nothing.

#include <optional>
#include <string>

#include "policy/kubernetes/classifier.h"

namespace gatehouse {

struct ToolSpec;  // policy/kubernetes/tool_profile.h

struct NamespacePin {
  std::string argument;
  std::string namespace_name;

  friend bool operator==(const NamespacePin&, const NamespacePin&) = default;
};

// nullopt where nothing is left out or nothing can be written in its place:
// the tool has no such argument, all namespaces are meant, the call is unclear,
// it does something beside requests to namespaced resources, or the argument
// decides nothing in it. `made` is what `classifier` made of `call`.
std::optional<NamespacePin> FindNamespacePin(const Classifier& classifier,
                                             const ToolSpec& tool,
                                             const ToolCall& call,
                                             const Classification& made,
                                             const ClusterView& cluster);

}  // namespace gatehouse
