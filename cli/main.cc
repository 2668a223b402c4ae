// SPDX-License-Identifier: Apache-2.0
// Parses the command line, names the command, returns its exit code. Nothing
// else happens here.

#include <iostream>
#include <string_view>

#include "cli/command.h"
#include "cli/output_end.h"
#include "cli/version.h"
#include "proxy/fd.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kDescription =
    "A guard between an AI client and a Kubernetes MCP server.\n"
    "It judges what each tool call would do in Kubernetes, lets through only "
    "what a policy\nallows, and records everything before it leaves.\n";

constexpr const char* kFooter =
    "\nFirst steps:\n"
    "  gatehouse demo                              see it at work\n"
    "  gatehouse run -- npx -y kubernetes-mcp-server   guard a server, "
    "read-only\n"
    "  gatehouse audit list                        what was asked, and what "
    "came of it\n"
    "\nExit codes: 0 done, 1 the answer is no, 2 misuse, 3 the environment; "
    "`run`: the server's.\n";

int Main(int argc, char** argv) {
  FillStdio();
  CommandLine line("gatehouse", kDescription);
  line.root().Footer(kFooter);
  line.root().NeedsCommand();
  line.Version([] { return VersionText(); });
  AddCommands(line.root(), argc > 1 ? argv[1] : "");
  if (argc <= 1) {
    std::cerr << line.Help();
    return kExitMisuse;
  }
  const int exit_code = line.Run(argc, argv);
  // The relay's standard output is its own.
  return std::string_view(argv[1]) == "run" ? exit_code : EndOutput(exit_code);
}

}  // namespace
}  // namespace gatehouse::cli

int main(int argc, char** argv) { return gatehouse::cli::Main(argc, argv); }
