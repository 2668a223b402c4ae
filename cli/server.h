// SPDX-License-Identifier: Apache-2.0
#pragma once
// Inside of `gatehouse server …`: what its subcommands share.

#include <iostream>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/server_session.h"

namespace gatehouse::cli {

void AddServerList(CLI::App& server, Action& action);
void AddServerInspect(CLI::App& server, Action& action);
void AddServerScaffold(CLI::App& server, Action& action);
void AddServerPin(CLI::App& server, Action& action);

// Declares the server's command line, after "--".
void AddServerArgument(CLI::App& command, std::vector<std::string>& argv);

// Says why on standard error; the exit code for the environment.
int ServerFailed(const Error& error);

}  // namespace gatehouse::cli
