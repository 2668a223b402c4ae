// SPDX-License-Identifier: Apache-2.0
#pragma once
// A session that cannot start (faulty policy, database not writable, no such
// server): people with a graphical client see only what the client shows, so
// every request is answered with the same error, naming the cause, until the
// client goes or ten seconds have passed (protocol.md, 3).

#include <string>

#include "proxy/log.h"

namespace gatehouse::cli {

// Says `cause` on the log, then serves standard input and output. Returns
// when the client has gone or the time is over.
void ServeFailure(const std::string& cause, Log& log);

}  // namespace gatehouse::cli
