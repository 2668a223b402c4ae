// SPDX-License-Identifier: Apache-2.0
#pragma once
// The version that the server says it is, beside those that its profile was
// checked against. Another one is told of, once, and recorded; it decides
// nothing: a server says of itself what it likes, and each tool's live schema
// is held against the profile in any case (`drift`).

#include "proxy/gate.h"
#include "proxy/server_message.h"
#include "proxy/session.h"

namespace gatehouse {

// Borrows what the context holds. One thread.
class ServerVersion {
 public:
  explicit ServerVersion(const GateContext& context) : context_(context) {}

  // `message`: the answer to `request`. The first that tells a version counts.
  void Take(const InFlight& request, const ServerMessage& message);

 private:
  const GateContext& context_;
  bool known_ = false;
};

}  // namespace gatehouse
