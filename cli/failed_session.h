// SPDX-License-Identifier: Apache-2.0
#pragma once
// A session that cannot start (faulty policy, database not writable, no such
// server): people with a graphical client see only what the client shows, so
// every request is answered with the same error, naming the cause, until the
// client goes or ten seconds have passed (protocol.md, 3).

#include <string>

#include "cli/command.h"
#include "policy/decision.h"
#include "proxy/log.h"

namespace gatehouse::cli {

// Why a session cannot start, and how it says so.
struct Failure {
  std::string cause;  // one sentence, or the faults of a policy
  Code code = Code::kNoPolicy;
};

// Says why on standard error, and in the log where that is a file; then serves
// standard input and output. Returns kExitEnvironment when the client has gone
// or the time is over.
int ServeFailure(const Failure& failure, Log& log);

}  // namespace gatehouse::cli
