// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a parsed command line of kubectl or helm goes: its context and its
// namespace flags, as client-go reads them.

#include <string>

#include "policy/kubernetes/cluster_view.h"
#include "policy/kubernetes/command_arguments.h"
#include "policy/kubernetes/request_builder.h"

namespace gatehouse {

struct NamedPlace {
  Place place;
  std::string unclear;  // why a part of `place` is not known; "" where all is
};

// All namespaces beats a namespace; the last of each flag wins; an empty one
// is not given.
NamedPlace PlaceOfArguments(const CommandArguments& arguments,
                            const ClusterView& cluster);

}  // namespace gatehouse
