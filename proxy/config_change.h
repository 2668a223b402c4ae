// SPDX-License-Identifier: Apache-2.0
#pragma once
// Calls after which another kubeconfig, or another context of it, may be in
// force: those after it wait for its answer (held_calls.h). So it must be a
// call whose answer is its end, and not a task that goes on behind it. Part of
// the gate's first pass and of the return gate; judges nothing else.

#include <optional>

#include "proxy/judge.h"
#include "proxy/message.h"
#include "proxy/server_message.h"
#include "proxy/session.h"

namespace gatehouse {

// Of a call that changes the kubeconfig, or one that a rule lets through though
// nobody knows what it does.
bool MayChangeConfig(const Judgement& judgement);

// The first kind alone. Of the other a task is let through too, since the rule
// that lets the call through asks for that: who waits for it then goes on.
bool ChangesConfig(const Judgement& judgement);

// 2025-11-25: the decision on a call that changes the kubeconfig and is asked
// for as a task; as it was on every other one.
Decision WithoutConfigTask(const Message& call, const Judgement& judgement);

// 2026-07-28, where a task is the server's to make: such a call without the
// client's word that it takes tasks. nullopt where there is none to take out.
std::optional<Message> WithoutTasks(const Message& call);

// Whether the server answers such a call with a task all the same, in whatever
// spelling: nobody can say when the kubeconfig changes.
bool BecomesConfigTask(Session& session, const ServerMessage& answer);

}  // namespace gatehouse
