// SPDX-License-Identifier: Apache-2.0
// `gatehouse server …`: what is known of MCP servers, and what a live one says.
#include "cli/server.h"

namespace gatehouse::cli {

void AddServerArgument(CLI::App& command, std::vector<std::string>& argv) {
  command
      .add_option("SERVER", argv,
                  "The server's command line, after --; it is started with "
                  "your environment, asked for its tools, and ended")
      ->required();
}

int ServerFailed(const Error& error) {
  std::cerr << "gatehouse: " << error.sentence << "\n";
  return kExitEnvironment;
}

void AddServer(CLI::App& app, Action& action) {
  auto* server = app.add_subcommand(
      "server", "Profiles of MCP servers, and what a live server lists");
  server->require_subcommand(1);
  AddServerList(*server, action);
  AddServerInspect(*server, action);
  AddServerScaffold(*server, action);
  AddServerPin(*server, action);
}

}  // namespace gatehouse::cli
