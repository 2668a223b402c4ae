// SPDX-License-Identifier: Apache-2.0
#pragma once
// The commands below `gatehouse policy` that have a file of their own.

#include "cli/command.h"
#include "cli/policy_source.h"

namespace gatehouse::cli {

void AddPolicyExplain(Command policy);
void AddPolicyDiff(Command policy);
void AddPolicyTest(Command policy);
void AddPolicyCanI(Command policy);
void AddPolicyReplay(Command policy);
void AddPolicyGenerate(Command policy);

}  // namespace gatehouse::cli
