// SPDX-License-Identifier: Apache-2.0
#pragma once
// A tool call with one argument written into it, for `run --pin-namespace`:
// the canonical text is edited in place and goes through the strict reader
// again, so that what is judged and forwarded afterwards is once more one and
// the same text, and every other byte of it is what the client sent.

#include <optional>

#include "policy/kubernetes/namespace_pin.h"
#include "proxy/message.h"

namespace gatehouse {

// `message` is a tools/call in which the argument is missing, null or "".
// nullopt where the edited text is not what the strict reader makes of it.
std::optional<Message> WithPinnedNamespace(const Message& message,
                                           const NamespacePin& pin);

}  // namespace gatehouse
