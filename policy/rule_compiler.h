// SPDX-License-Identifier: Apache-2.0
#pragma once
// From policy files to one immutable engine. Every resource word, glob and
// expression is resolved here, so that Engine::Decide cannot fail. Opens no
// file: who calls has followed `extends` (rule_reader.h).

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/engine.h"
#include "policy/kubernetes/tables.h"
#include "policy/result.h"
#include "policy/rule.h"

namespace gatehouse {

// The bytes of a zone's TZif file, by its name in the IANA database. An error's
// sentence is a clause for an issue.
using ZoneSource = std::function<Result<std::string>(std::string_view name)>;

struct CompileOptions {
  // The kubeconfig's current context at start; where no file gives
  // scope.contexts, the only one that is allowed. "" without a kubeconfig.
  std::string current_context;
  // From --set (settings.h): "scope.namespaces" or "scope.contexts" to a list,
  // which takes the place of the outermost file's own (fences of extended files
  // still hold); "until" and "reason", which some presets need.
  std::map<std::string, std::vector<std::string>> settings;
  // The system policy and what it extends, outermost first; empty: there is
  // none. `settings` and `mode` do not reach it.
  std::vector<RuleFile> system;
  bool lint = false;  // warnings too
  // A setting of `require` that is missing is a warning only. For looking at a
  // policy: nothing may be judged by it then.
  bool lacks_settings = false;
  ZoneSource zones;          // empty: UTC only
  UtcTime now{};             // what --set until= is measured from
  std::optional<Mode> mode;  // from --mode; else the outermost file's
  // From --context: no other one is allowed, whatever the files say.
  std::optional<std::string> only_context = std::nullopt;
};

// `files`: outermost first. nullptr, and why among `issues`, where anything is
// wrong. Never throws.
std::shared_ptr<const Engine> CompileRules(
    const std::vector<RuleFile>& files,
    std::shared_ptr<const KubernetesTables> tables,
    const CompileOptions& options, Issues& issues);

struct CompiledPolicy;  // policy/compiled_policy.h

// One layer alone, for what compares policies. Empty where anything is wrong.
std::shared_ptr<const CompiledPolicy> CompileLayer(
    const std::vector<RuleFile>& files,
    std::shared_ptr<const KubernetesTables> tables,
    const CompileOptions& options, Issues& issues);

}  // namespace gatehouse
