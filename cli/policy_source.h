// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a command's policy comes from: the file or preset that was named, else
// the user's own file, else the preset read-only; and beside it the system's.
// Reads the files, follows `extends`, compiles. The same for `run`, `policy
// check` and `policy explain`.

#include <memory>
#include <string>
#include <vector>

#include "cli/command_options.h"
#include "cli/file_stamp.h"
#include "cli/system_policy.h"
#include "policy/engine.h"
#include "policy/issue.h"
#include "policy/kubernetes/tables.h"
#include "policy/rule_compiler.h"

namespace gatehouse::cli {

struct PolicyChoice {
  std::string policy;                 // file or preset; "" for the default
  std::vector<std::string> settings;  // "scope.namespaces=dev,team-*"
  std::string mode;                   // "", "enforce" or "observe"
  std::string current_context;        // the kubeconfig's
  std::optional<std::string> only_context = std::nullopt;  // of --context
  SystemPolicyPlace system;
  bool lint = false;            // warnings too
  bool lacks_settings = false;  // CompileOptions'
  std::shared_ptr<const KubernetesTables> tables;
};

struct LoadedPolicy {
  std::shared_ptr<const Engine> engine;  // nullptr where it has faults
  std::string origin;                    // "team.yaml", "preset read-only"
  Issues issues;                         // errors and warnings, sorted
  std::string error;                     // why it could not be read at all
  // The files that it came from (and the system policy's, where there is none
  // yet), and how each was before it was read.
  std::vector<std::string> files;
  std::vector<FileStamp> stamps;
  // What the engine was compiled from: to compile variations of it.
  std::vector<RuleFile> rule_files;
  CompileOptions options;

  // All that is wrong, for a person; "" where nothing is.
  std::string Faults() const;
  // The first of them on one line, and how many there are beside it.
  std::string FirstFault() const;
};

// Declares --policy, --set and --mode.
void AddPolicyOptions(Command command, PolicyChoice& choice);

LoadedPolicy LoadPolicy(const PolicyChoice& choice);

// Its two halves: the files are read, and then compiled with the tables of
// `choice`, which may be read meanwhile.
LoadedPolicy ReadPolicy(const PolicyChoice& choice);
void CompilePolicy(const PolicyChoice& choice, LoadedPolicy& loaded);

// The policy of `choice` as the system's own, to check it before it is put in
// place: whoever it belongs to, and without a user's beside it.
LoadedPolicy LoadSystemPolicy(const PolicyChoice& choice);

}  // namespace gatehouse::cli
