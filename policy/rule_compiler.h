// SPDX-License-Identifier: Apache-2.0
#pragma once
// From policy files to one immutable engine. Every resource word, glob and
// expression is resolved here, so that Engine::Decide cannot fail. Opens no
// file: who calls has followed `extends` (rule_reader.h).

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/engine.h"
#include "policy/kubernetes/tables.h"
#include "policy/rule.h"

namespace gatehouse {

struct CompileOptions {
  // The kubeconfig's current context at start; where no file gives
  // scope.contexts, the only one that is allowed. "" without a kubeconfig.
  std::string current_context;
  // From --set: "scope.namespaces" or "scope.contexts" to a list, which takes
  // the place of the outermost file's own. Fences of extended files still hold.
  std::map<std::string, std::vector<std::string>> settings;
  std::optional<Mode> mode;  // from --mode; else the outermost file's
};

// `files`: outermost first. nullptr, and why among `issues`, where anything is
// wrong. Never throws.
std::shared_ptr<const Engine> CompileRules(
    const std::vector<RuleFile>& files,
    std::shared_ptr<const KubernetesTables> tables,
    const CompileOptions& options, Issues& issues);

}  // namespace gatehouse
