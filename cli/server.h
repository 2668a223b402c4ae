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

// Declares the server's command line, after "--".
void AddServerArgument(Command command, std::vector<std::string>& argv);

// Says why on standard error; the exit code for the environment.
int ServerFailed(const Error& error);

}  // namespace gatehouse::cli
