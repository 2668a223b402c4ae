// SPDX-License-Identifier: Apache-2.0
#pragma once
// What kubectl's flags say beside the command's own meaning: where the call
// goes, whether it only pretends, and what it does on this machine.

#include "policy/kubernetes/cluster_view.h"
#include "policy/kubernetes/command_arguments.h"
#include "policy/kubernetes/meaning.h"
#include "policy/kubernetes/request_builder.h"

namespace gatehouse {

// -A beats -n, the last -n wins, an empty one is the context's. A target that
// is not known leaves the place unknown and makes `meaning` unclear.
Place PlaceOfFlags(const CommandArguments& arguments,
                   const ClusterView& cluster, Meaning& meaning);

// Adds what flags do by themselves: read files, start programs, act as
// somebody else. Files with manifests (-f) are the targets' business.
void ReadFlags(const CommandArguments& arguments, const Place& place,
               Meaning& meaning);

// "client" sends nothing that changes; "server" sends it to be thrown away.
void ApplyDryRun(const CommandArguments& arguments, const Place& place,
                 Meaning& meaning);

}  // namespace gatehouse
