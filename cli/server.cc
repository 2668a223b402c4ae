// SPDX-License-Identifier: Apache-2.0
// `gatehouse server …`: what is known of MCP servers, and what a live one says.
#include "cli/server.h"

namespace gatehouse::cli {

void AddServerChoice(Command command, StartChoice& choice) {
  AddStartOptions(command, choice);
  command
      .Add("SERVER", choice.server,
           "The server's command line, after --; it is started as `run` "
           "would start it, asked for its tools, and ended")
      .Required();
}

int ServerFailed(const Error& error, int exit_code) {
  std::cerr << "gatehouse: " << error.sentence << "\n";
  return exit_code;
}

void AddServer(Command app) {
  const Command server = app.AddCommand(
      "server", "Profiles of MCP servers, and what a live server lists");
  server.NeedsCommand();
  AddServerList(server);
  AddServerInspect(server);
  AddServerScaffold(server);
  AddServerPin(server);
}

}  // namespace gatehouse::cli
