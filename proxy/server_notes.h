// SPDX-License-Identifier: Apache-2.0
#pragma once
// The server's notifications on their way to the client: the known ones pass,
// and those that name a request only where that request is there. Also the one
// that the guard itself sends: that the tools should be listed again.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/server_message.h"
#include "proxy/session.h"

namespace gatehouse {

enum class NoteFate : std::uint8_t {
  kUnknown = 0,  // not a notification that MCP defines: dropped
  kNothing,      // about no request in flight: dropped
  kPasses,
};

struct TakenNote {
  NoteFate fate = NoteFate::kUnknown;
  std::optional<InFlight> ended;  // a stream, no longer in flight
};

// News of a task, which may bring its result.
bool IsOfTask(std::string_view method);

// `line` is the whole of `note`. Remembers in the session that a stream was
// acknowledged, and that a task has ended.
TakenNote TakeNote(Session& session, const ServerMessage& note,
                   std::string_view line);

// Lines that tell the client to list the tools again: in 2026-07-28 on each
// stream where the server agreed to, before where its handshake declared it.
std::vector<std::string> ToolsChangedLines(const Session& session);

}  // namespace gatehouse
