// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a kubectl command line points at: the operands of its words, read by
// the rule of its command, and the objects of the manifest behind -f.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/command_arguments.h"
#include "policy/kubernetes/meaning.h"
#include "policy/kubernetes/request_builder.h"
#include "policy/kubernetes/resource_words.h"
#include "policy/kubernetes/tables.h"

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

// An operand and, where it says so itself, its own namespace.
struct Target {
  Operand operand;
  std::optional<std::string> namespace_name;
};

// Adds to `meaning` what reading files does, and why words are unclear.
std::vector<Target> TargetsOf(const KubectlRun& run,
                              const CommandArguments& arguments,
                              const KubernetesTables& tables,
                              const Place& place, Meaning& meaning);

}  // namespace gatehouse
