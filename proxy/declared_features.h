// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a client declares that it can be asked, on its way to the server:
// without what the policy lets no server ask (`clientFeatures`), or what one
// call cannot have (config_change.h), so that a server does not build on it.
// What the server asks all the same is refused (server_requests.h). Edits the
// message; judges nothing.

#include <optional>
#include <string>
#include <string_view>

#include "policy/session_settings.h"
#include "proxy/message.h"

namespace gatehouse {

// `request` with what `policy` denies taken out of its capabilities: those of
// a handshake, or (2026-07-28) those that it brings itself. nullopt where
// nothing is to be taken out.
std::optional<Message> WithoutDenied(const Message& request,
                                     const FeatureSettings& policy);

// A request of 2026-07-28 without the extension that its capabilities name;
// nullopt where they do not.
std::optional<Message> WithoutExtension(const Message& request,
                                        std::string_view name);

}  // namespace gatehouse
