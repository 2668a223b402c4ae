// SPDX-License-Identifier: Apache-2.0
#include "cli/server_session.h"

#include <signal.h>

#include <iostream>
#include <utility>

#include "policy/json_value.h"
#include "proxy/child.h"
#include "proxy/log.h"
#include "proxy/relay.h"

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

Status Launch(const StartChoice& choice, ServerStart& start, Child& child) {
  std::cerr << "gatehouse: starting";
  for (const std::string& word : choice.server) std::cerr << " " << word;
  std::cerr << ", " << start.note << std::endl;
  Status launched = child.Launch(std::move(start.spec));
  if (!launched.ok()) return launched;
  return child.AwaitExec(std::chrono::milliseconds(2000));
}

// Holds signals back (WatchSignals) while there is something that they would
// leave behind. One that came meanwhile then does what it does to any program:
// our parent sees what ended us.
class SignalHold {
 public:
  SignalHold() { sigprocmask(SIG_BLOCK, nullptr, &before_); }
  SignalHold(const SignalHold&) = delete;
  SignalHold& operator=(const SignalHold&) = delete;
  ~SignalHold() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

Status StartHeld(const StartChoice& choice, const Result<UniqueFd>& signals,
                 Result<ServerStart>& start, Child& child) {
  if (!signals.ok()) return signals.error();
  if (!start.ok()) return start.error();
  if (WaitingSignal() != 0) {
    return Error{ErrorCode::kIo, "stopped by a signal"};
  }
  return Launch(choice, start.value(), child);
}

}  // namespace

Result<ServerListing> ListServerTools(const StartChoice& choice,
                                      const ToolProfile* profile,
                                      std::chrono::seconds patience) {
  const SignalHold hold;  // outlives all that is made here
  auto log = Log::Open({});
  if (!log.ok()) return log.error();
  // Before the private folder is locked: the keeper would hold the lock too.
  Result<Child> child = Child::Fork(ServerStderr::kInherit);
  if (!child.ok()) return child.error();
  const auto signals = WatchSignals();
  auto start = PrepareStart(choice, profile, [&log](std::string_view text) {
    log.value().Warn(text);
  });
  const Status running = StartHeld(choice, signals, start, child.value());
  ChildPipes pipes = child.value().TakePipes();
  Result<ServerListing> listing = Error{};
  if (running.ok()) {
    LineStream stream(std::move(pipes.server_stdin),
                      std::move(pipes.server_stdout));
    listing = Ask(stream, patience);
  }
  pipes = {};  // closed: the server sees the end
  child.value().Shutdown(ShutdownPace::kFast);
  if (!running.ok()) return running.error();
  if (listing.ok() || listing.error().code == ErrorCode::kBusy) return listing;
  return Error{listing.error().code, "the server did not list its tools: " +
                                         listing.error().sentence};
}

}  // namespace gatehouse::cli
