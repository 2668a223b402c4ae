// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a session learns from the server's answers: the revision that was agreed
// on, the task that an allowed call became, the round that the client is asked
// to answer.

#include <string>

#include "proxy/server_message.h"
#include "proxy/session.h"

namespace gatehouse {

// The status that an answer to tasks/get tells of its task, where it is not
// what the session knew; "" where nothing is new.
std::string TakeTaskNews(Session& session, const InFlight& request,
                         const ServerMessage& answer);

// `answer` is the whole answer to `request`, which is no longer in flight.
void NoteAnswer(Session& session, const InFlight& request,
                const ServerMessage& answer);

}  // namespace gatehouse
