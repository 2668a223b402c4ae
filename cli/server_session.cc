// SPDX-License-Identifier: Apache-2.0
#include "cli/server_session.h"

#include <signal.h>

#include <iostream>
#include <utility>

#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

Result<ServerListing> Ask(LineStream& stream, std::chrono::seconds patience) {
  McpClient client(stream, "gatehouse-server");
  Result<ServerHello> hello = client.Open(patience);
  if (!hello.ok() && hello.error().code == ErrorCode::kBusy) {
    return Error{ErrorCode::kBusy,
                 "the server did not answer initialize within " +
                     std::to_string(patience.count()) + " seconds"};
  }
  if (!hello.ok()) return hello.error();
  Result<std::vector<JsonValue>> tools = client.ListTools();
  if (!tools.ok()) return tools.error();
  return ServerListing{std::move(hello).value(), std::move(tools).value()};
}

}  // namespace

Result<ServerListing> ListServerTools(const std::vector<std::string>& argv,
                                      std::chrono::seconds patience) {
  std::cerr << "gatehouse: starting";
  for (const std::string& word : argv) std::cerr << " " << word;
  std::cerr << std::endl;
  ChildSpec spec;
  spec.argv = argv;
  spec.environment.push_back({"KUBECTL_KUBERC", "false"});
  spec.server_stderr = ServerStderr::kInherit;
  Result<Child> child = Child::Start(std::move(spec));
  if (!child.ok()) return child.error();
  const Status running =
      child.value().AwaitExec(std::chrono::milliseconds(2000));
  if (!running.ok()) return running.error();
  // A server that ends at once must not end us with its broken pipe.
  signal(SIGPIPE, SIG_IGN);
  ChildPipes pipes = child.value().TakePipes();
  Result<ServerListing> listing = Error{};
  {
    LineStream stream(std::move(pipes.server_stdin),
                      std::move(pipes.server_stdout));
    listing = Ask(stream, patience);
  }
  child.value().Shutdown(ShutdownPace::kFast);
  if (listing.ok() || listing.error().code == ErrorCode::kBusy) return listing;
  return Error{listing.error().code, "the server did not list its tools: " +
                                         listing.error().sentence};
}

}  // namespace gatehouse::cli
