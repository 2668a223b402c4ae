// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one of MCP's methods other than tools/call names: a resource's URI, a
// prompt, what is to be completed, the URIs and tasks of a subscription, a
// task. Every form that two readers may take differently is a fault. Which of
// it is allowed is the judge's business (policy) and the session's (tasks).

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proxy/judge.h"
#include "proxy/message.h"

namespace gatehouse {

// Borrows from the message's values, which stay where they are when it is
// moved; the methods' names do not (a short string lies in the object itself),
// so those are constants.
struct MethodAsks {
  std::vector<MethodRequest> requests;
  std::vector<std::string_view> tasks;
};

// Why the params cannot be taken for anything. Names nothing that they hold.
struct MethodFault {
  std::string_view sentence;
};

// Of the methods of Route::kMethod and kTask.
std::variant<MethodFault, MethodAsks> ReadMethod(const Message& message);

// The extension that tasks are since 2026-07-28, and whether this request says
// that its client has it.
inline constexpr std::string_view kTasksExtension =
    "io.modelcontextprotocol/tasks";
bool DeclaresTasks(const Message& message);

// "" where every reader takes the URI for the same: printable ASCII, no
// backslash, no "." or ".." segments and no slashes or dots in escapes.
std::string_view UriFault(std::string_view uri);

}  // namespace gatehouse
