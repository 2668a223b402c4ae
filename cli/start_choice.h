// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a user says of a server that is to be started, and the steps from there
// to how it is started. The same words and steps for `run` and for the commands
// that start a server only to ask it (`server inspect|pin|scaffold`): what a
// server lists may depend on the contexts that it sees, so that a person must
// be shown, and must accept, what `run` will get.

#include <string>
#include <vector>

#include "cli/command_options.h"
#include "cli/policy_source.h"
#include "cli/server_start.h"

namespace gatehouse::cli {

struct StartChoice {
  PolicyChoice policy;
  std::string profile;
  std::string kubeconfig;
  std::string context;
  bool no_confine = false;
  std::vector<std::string> server;
};

// Declares --policy, --set, --mode, --profile, --kubeconfig, --context and
// --no-confine. The server's words are for the command to declare.
void AddStartOptions(Command command, StartChoice& choice);

// The first step. Errors as of MakeStartPlan.
Result<StartPlan> PlanStart(const StartChoice& choice,
                            const ToolProfile* profile);

// The policy, in the context that the session starts in.
struct StartPolicy {
  PolicyChoice choice;
  LoadedPolicy loaded;  // without faults
};
// The second. kInvalid: its first fault, or that it locks the confinement which
// --no-confine is to lift. Its warnings go to `warn`.
Result<StartPolicy> LoadStartPolicy(const StartChoice& choice,
                                    const StartPlan& plan, const Warn& warn);

// The third is PrepareServer. All three, for who keeps nothing of the others:
Result<ServerStart> PrepareStart(const StartChoice& choice,
                                 const ToolProfile* profile, const Warn& warn);

}  // namespace gatehouse::cli
