// SPDX-License-Identifier: Apache-2.0
#pragma once
// The server's lists on their way to the client: tools, prompts, resources,
// templates and tasks that could not be used through the guard are left out,
// page by page, and the rest stays byte for byte and in its order. What is
// learned of the tools goes to the session's catalogue, and news to the trail.
// Hidden or not, everything is judged when it is used.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/gate.h"
#include "proxy/limited_events.h"
#include "proxy/server_message.h"
#include "proxy/session.h"

namespace gatehouse {

// How long a client may keep a list (2026-07-28), so that a changed policy
// shows within that time.
inline constexpr std::int64_t kMaxListTtlMs = 60'000;

// Borrows what the context holds. One thread.
class ServerLists {
 public:
  explicit ServerLists(const GateContext& context)
      : context_(context),
        changed_(context, "tools changed"),
        dropped_(context, "server frame dropped") {}

  static bool IsList(std::string_view method);

  // The line to send in place of the server's, without its end; nullopt where
  // it may be relayed as it stands. `message` is a result, the answer to
  // `request`. A list that cannot be read becomes an error.
  std::optional<std::string> Take(const InFlight& request,
                                  const ServerMessage& message);

  // How many changes and lists no record tells of yet.
  void TellRest();

 private:
  void Tell(const std::vector<std::string>& changes);
  std::string Unreadable(const InFlight& request);
  void LearnTools(const InFlight& request, const JsonValue& result);
  bool IsShown(const InFlight& request, const JsonValue& entry,
               std::string_view key, Asked asked);

  const GateContext context_;
  LimitedEvents changed_;
  LimitedEvents dropped_;
};

}  // namespace gatehouse
