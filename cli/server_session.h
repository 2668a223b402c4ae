// SPDX-License-Identifier: Apache-2.0
#pragma once
// A server that is started only to be asked for its tools: by `gatehouse server
// inspect|scaffold|pin`. It runs under a keeper, as behind the guard, so that
// nothing of it stays; it gets the caller's environment, and no tool is called.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/mcp_client.h"
#include "proxy/child.h"

namespace gatehouse::cli {

struct ServerListing {
  ServerHello hello;
  std::vector<JsonValue> tools;
};

// Starts `argv`, says so on standard error, asks, and ends it. An error where
// it cannot be started or does not answer; its first answer may take
// `patience`, since npx may fetch it first.
inline constexpr std::chrono::seconds kServerPatience{60};
Result<ServerListing> ListServerTools(
    const std::vector<std::string>& argv,
    std::chrono::seconds patience = kServerPatience);

}  // namespace gatehouse::cli
