// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a command's request templates and its targets to requests: where each
// goes, which name it has, and what its pods ask for.

#include <vector>

#include "policy/kubernetes/kubectl_targets.h"
#include "policy/kubernetes/meaning.h"
#include "policy/kubernetes/request_template.h"

namespace gatehouse {

// Borrows everything.
struct FillContext {
  const CommandArguments& arguments;
  const KubernetesTables& tables;
  const Place& place;
  const std::vector<Target>& targets;
};

// The requests of the command's own row.
void FillRequests(const FillContext& context, Meaning& meaning);
// What `describe` reads beside its targets.
void FillDescribed(const FillContext& context, Meaning& meaning);

}  // namespace gatehouse
