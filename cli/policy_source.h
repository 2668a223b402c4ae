// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a command's policy comes from: the file or preset that was named, else
// the user's own file, else the preset read-only. Reads the files, follows
// `extends`, compiles. The same for `run`, `policy check` and `policy explain`.

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "policy/engine.h"
#include "policy/issue.h"
#include "policy/kubernetes/tables.h"

namespace gatehouse::cli {

struct PolicyChoice {
  std::string policy;                 // file or preset; "" for the default
  std::vector<std::string> settings;  // "scope.namespaces=dev,team-*"
  std::string mode;                   // "", "enforce" or "observe"
  std::string current_context;        // the kubeconfig's
  std::optional<std::string> only_context = std::nullopt;  // of --context
  std::shared_ptr<const KubernetesTables> tables;
};

struct LoadedPolicy {
  std::shared_ptr<const Engine> engine;  // nullptr where it has faults
  std::string origin;                    // "team.yaml", "preset read-only"
  Issues issues;                         // errors and warnings, sorted
  std::string error;                     // why it could not be read at all

  // All that is wrong, for a person; "" where nothing is.
  std::string Faults() const;
};

// Declares --policy, --set and --mode.
void AddPolicyOptions(CLI::App& command, PolicyChoice& choice);

LoadedPolicy LoadPolicy(const PolicyChoice& choice);

}  // namespace gatehouse::cli
