// SPDX-License-Identifier: Apache-2.0
#pragma once
// All ways on which a server's line asks something of the client: a request of
// its own, an answer that wants input, an error that names a link, a task's
// notification. Judged by what the client declared and what the policy leaves
// of it (server_requests.h), and recorded. Of the return gate.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/call_record.h"
#include "proxy/gate.h"
#include "proxy/rate_limit.h"
#include "proxy/server_message.h"
#include "proxy/server_requests.h"
#include "proxy/session.h"

namespace gatehouse {

// Borrows what the context holds. One thread. Each function: why the line may
// not go to the client; nullopt: it may, and what it asks is in the trail.
class ClientAsks {
 public:
  explicit ClientAsks(const GateContext& context);

  // A request (before 2026-07-28), which the session then waits for. More than
  // anybody answers does not go on: a server may take back each and ask anew.
  std::optional<AskFault> OfRequest(const ServerMessage& message,
                                    std::string_view line);
  // The answer to a request that was in flight.
  std::optional<AskFault> OfAnswer(const InFlight& request,
                                   const ServerMessage& message,
                                   std::string_view line);
  // A notification on a stream of 2026-07-28. What it asks again is in the
  // trail already; a server may tell as often as it likes, but not ask for more
  // and more.
  std::optional<AskFault> OfNote(const ServerMessage& message,
                                 std::string_view line);

 private:
  std::optional<AskFault> Judge(
      const std::optional<std::vector<ClientAsk>>& asks,
      ClientFeatures declared) const;
  std::optional<AskFault> JudgeAndRecord(
      const std::optional<std::vector<ClientAsk>>& asks,
      ClientFeatures declared, std::string_view id);
  std::optional<AskFault> RecordNew(const std::vector<ClientAsk>& asks,
                                    std::string_view task, std::string_view id);
  void Record(const ClientAsk& ask, std::string_view id);

  const GateContext context_;
  RecordMaker make_;
  RateLimit of_notes_;
  RateLimit of_requests_;
  std::set<std::string> noted_;  // digests of what notes have asked
};

}  // namespace gatehouse
