// SPDX-License-Identifier: Apache-2.0
#pragma once
// Judges one message: asks the judge about the tool call, the resource or the
// prompt, and adds what only the session knows (a tool that has drifted, a task
// that an allowed call became, a server that is gone). It records nothing and
// forwards nothing: intake and gate do.

#include "proxy/gate.h"
#include "proxy/message.h"
#include "proxy/method_reader.h"

namespace gatehouse {

// `asks`: what ReadMethod found, empty for tools/call. Its tasks are ones of
// this session (IsBound).
Judgement Assess(const GateContext& context, const Message& message,
                 const MethodAsks& asks, UtcTime now);

// Whether all the tasks were made by calls of this session.
bool IsBound(const Session& session, const MethodAsks& asks);

// A refusal by the guard itself: the code's own sentence.
Decision GuardDenies(Code code);

}  // namespace gatehouse
