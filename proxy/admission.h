// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a client's message may come so far as to be judged: is there a way
// for its method, does the server live and read, is its id free, is there room
// among the requests in flight. Intake asks here first; nothing here looks at
// what a call would do.

#include <optional>
#include <string>

#include "proxy/clock.h"
#include "proxy/long_line.h"
#include "proxy/message.h"
#include "proxy/routes.h"
#include "proxy/session.h"

namespace gatehouse {

// A refusal of this message, under its own id.
Refusal RefuseMessage(const Message& message, Code code, int rpc_code,
                      std::string sentence);

// Of a sound request that there is no room for now: the same one may pass
// later.
Refusal RefuseForNow(const Message& message, std::string sentence);

// Of a message that no route leads on.
Refusal RefuseUnknown(const Message& message);

// Of a client's line over the cap, after its last piece.
Refusal RefuseTooLong(LongLine& line);

// Why a request cannot be served at all; nullopt where it can.
std::optional<Refusal> RouteFault(const Session& session,
                                  const Message& request, const RouteRow& row);

// Takes the request in among those in flight, or says why not.
std::optional<Refusal> Admit(Session& session, const Message& request,
                             const Clock& clock);

}  // namespace gatehouse
