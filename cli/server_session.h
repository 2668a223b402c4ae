// SPDX-License-Identifier: Apache-2.0
#pragma once
// A server that is started only to be asked for its tools: by `gatehouse server
// inspect|scaffold|pin`. It is started as `gatehouse run` would start it, so
// that it lists what it would list there, and runs under a keeper likewise, so
// that nothing of it stays; no tool is called.

#include <chrono>
#include <vector>

#include "cli/mcp_client.h"
#include "cli/start_choice.h"

namespace gatehouse::cli {

struct ServerListing {
  ServerHello hello;
  std::vector<JsonValue> tools;
};

// Starts the server, says so and what it can reach on standard error, asks, and
// ends it. An error where it may not be started (as of PrepareStart), cannot be
// or does not answer; its first answer may take `patience`, since npx may fetch
// it first. `profile`: nullptr for none. A signal to end us that comes
// meanwhile does so once the server and its private kubeconfig are gone.
inline constexpr std::chrono::seconds kServerPatience{60};
Result<ServerListing> ListServerTools(
    const StartChoice& choice, const ToolProfile* profile,
    std::chrono::seconds patience = kServerPatience);

}  // namespace gatehouse::cli
