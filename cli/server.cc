// SPDX-License-Identifier: Apache-2.0
// `gatehouse server …`: what is known of MCP servers, and what a live one says.
#include "cli/server.h"

namespace gatehouse::cli {

void AddServerArgument(Command command, std::vector<std::string>& argv) {
  command
      .Add("SERVER", argv,
           "The server's command line, after --; it is started with "
           "your environment, asked for its tools, and ended")
      .Required();
}

int ServerFailed(const Error& error) {
  std::cerr << "gatehouse: " << error.sentence << "\n";
  return kExitEnvironment;
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
