// SPDX-License-Identifier: Apache-2.0
#pragma once
// How requests in flight end, and what of the server's lines ends here: the
// outcome records, the events about what was dropped, and what the client
// hears where the server's own answer does not reach it. Of the return gate.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/call_record.h"
#include "proxy/gate.h"
#include "proxy/limited_events.h"
#include "proxy/server_message.h"
#include "proxy/verdict.h"

namespace gatehouse {

// Borrows what the context holds. One thread.
class Outcomes {
 public:
  explicit Outcomes(const GateContext& context);

  // A line that goes nowhere; recorded as an event, since nothing was decided
  // about a call, and only so often: a server can make such lines without end.
  Verdict Drop(Code code, std::string_view sentence, std::size_t bytes,
               const ServerMessage& message = {});
  // How many such lines no record tells of yet.
  void TellRest() { dropped_.TellRest(); }
  // The record of an answer to a judged request, still to be closed.
  audit::Record Of(const InFlight& request, const ServerMessage& answer) const;
  // The same of an answer that tells what a call's task has become: an event of
  // that call, which has its outcome since it became a task.
  audit::Record OfNews(const InFlight& request, const ServerMessage& answer,
                       std::string_view status) const;
  // The request has its end now; its record waits for the next commit.
  void Close(const InFlight& request, audit::Record&& record,
             std::size_t bytes);
  // What the client hears in place of an answer that does not reach it.
  static std::string Instead(const InFlight& request, Code code,
                             std::string_view sentence);
  // A line that nobody can take: whoever waits for it hears that instead.
  Verdict TooLarge(const ServerMessage& message, std::size_t bytes);
  // The server has ended: what every client that waits is told.
  std::vector<Verdict> ServerGone();

 private:
  const GateContext context_;
  RecordMaker make_;
  LimitedEvents dropped_;
};

}  // namespace gatehouse
