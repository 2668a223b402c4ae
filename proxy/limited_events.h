// SPDX-License-Identifier: Apache-2.0
#pragma once
// Events that a server can cause without end: a burst of them is recorded as
// they come and one each second after that; of the others, how many there were.
// Of the return gate: one for each kind of event.

#include <string>
#include <string_view>

#include "proxy/call_record.h"
#include "proxy/gate.h"
#include "proxy/rate_limit.h"

namespace gatehouse {

// Borrows what the context holds. One thread.
class LimitedEvents {
 public:
  LimitedEvents(const GateContext& context, std::string_view event);

  // Whether one more is recorded; if not, it is counted.
  bool Allow();
  // The event, to be filled in and queued.
  audit::Record Make(std::string_view detail) const;
  // Rides along with the next commit, and says how many came before it
  // unrecorded.
  void Queue(audit::Record&& record);
  // An event of its own for those that no other has told of: where it is quiet,
  // and at the end.
  void TellRest();

 private:
  const GateContext context_;
  RecordMaker make_;
  std::string event_;
  RateLimit limit_;
};

}  // namespace gatehouse
