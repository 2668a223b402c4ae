// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes the records of both gates: from messages, judgements and answers to
// rows of the trail, redacted. It writes none of them (trail.h does).

#include <cstddef>
#include <string_view>

#include "audit/record.h"
#include "audit/redact.h"
#include "proxy/judge.h"
#include "proxy/message.h"
#include "proxy/session.h"
#include "proxy/trail.h"

namespace gatehouse {

// Borrows all; a value to pass around. One thread.
class RecordMaker {
 public:
  RecordMaker(const Trail& trail, const Session& session,
              const audit::Redactor& redactor)
      : trail_(trail), session_(session), redactor_(redactor) {}

  // The decision about a tool call or another judged method; `call_id` ties
  // its outcome to it.
  audit::Record OfCall(const Message& message, const Judgement& judgement,
                       std::string_view call_id) const;
  // A frame that was refused or dropped: never its text, only its size.
  audit::Record OfRefusal(const Refusal& refusal, std::size_t bytes) const;
  // What came of a forwarded call.
  audit::Record OfOutcome(const InFlight& request,
                          audit::Outcome outcome) const;
  audit::Record OfEvent(std::string_view event, std::string_view detail) const;

 private:
  const Trail& trail_;
  const Session& session_;
  const audit::Redactor& redactor_;
};

}  // namespace gatehouse
