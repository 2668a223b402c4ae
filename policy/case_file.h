// SPDX-License-Identifier: Apache-2.0
#pragma once
// The cases beside a policy, for `policy test`: calls (or bare requests), who
// asks and when, and what the policy shall say. rules/README.md, "Cases", is
// the format's page. Reads text, opens no file; all faults at once, as in a
// policy.

#include <optional>
#include <string>
#include <vector>

#include "policy/engine.h"
#include "policy/issue.h"
#include "policy/kubernetes/cluster_view.h"
#include "policy/kubernetes/tables.h"
#include "policy/request.h"

namespace gatehouse {

// What is left out is not looked at.
struct Expectation {
  std::optional<Effect> decision;
  std::optional<Code> code;
  std::optional<std::string> rule;  // "": none
  // What rules in `mode: observe` would have made of it.
  std::optional<Effect> observed;
  std::optional<bool> reveals;  // the answer would come back unmasked
};

// Either a tool call or requests.
struct PolicyCase {
  std::string name;
  int line = 0;
  std::string server;     // the profile's name
  std::string tool;       // "": the case is about `requests`
  std::string arguments;  // JSON text
  std::vector<Request> requests;
  ContextView context;  // the kubeconfig's current one
  Subject subject;
  std::optional<UtcTime> at;  // else the time of the run
  Expectation expect;
};

struct CaseFile {
  std::string name;    // the file's
  std::string policy;  // as written: a path beside the file, or a preset
  // The context that is current at start, where the policy names none.
  ContextView context;
  std::vector<std::string> settings;  // "scope.namespaces=dev"
  std::vector<PolicyCase> cases;
};

// Where `issues` has errors afterwards, the cases must not be run.
CaseFile ReadCases(const SourceText& source, const KubernetesTables& tables,
                   Issues& issues);

}  // namespace gatehouse
