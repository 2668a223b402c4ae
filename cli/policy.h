// SPDX-License-Identifier: Apache-2.0
#pragma once
// The commands below `gatehouse policy` that have a file of their own.

#include "cli/command.h"
#include "cli/policy_source.h"

namespace gatehouse::cli {

void AddPolicyExplain(CLI::App& policy, Action& action);
void AddPolicyDiff(CLI::App& policy, Action& action);
void AddPolicyTest(CLI::App& policy, Action& action);
void AddPolicyCanI(CLI::App& policy, Action& action);
void AddPolicyReplay(CLI::App& policy, Action& action);
void AddPolicyGenerate(CLI::App& policy, Action& action);

}  // namespace gatehouse::cli
