// SPDX-License-Identifier: Apache-2.0
#pragma once
// Inside of `gatehouse server …`: what its subcommands share.

#include <iostream>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/server_session.h"

namespace gatehouse::cli {

void AddServerList(Command server);
void AddServerInspect(Command server);
void AddServerScaffold(Command server);
void AddServerPin(Command server);

// Declares what says which server is started and how, with its command line
// after "--".
void AddServerChoice(Command command, StartChoice& choice);
// How it is started: for the end of each command's help.
inline constexpr const char* kStartHelp =
    "\nThe server is started as `run` with the same options would start it: by "
    "default it\nsees a private kubeconfig with only the contexts that the "
    "policy has in scope. What\na server lists can depend on them.\n";

// Says why on standard error, and gives that exit code.
int ServerFailed(const Error& error, int exit_code = kExitEnvironment);

}  // namespace gatehouse::cli
