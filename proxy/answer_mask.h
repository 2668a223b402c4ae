// SPDX-License-Identifier: Apache-2.0
#pragma once
// What audit::Redactor must know of a server's line to mask it: what it answers
// and whether that is secret by origin, or that it is a listing. Between
// return_gate's reading of a line and its verdict; masks nothing itself.

#include <string_view>

#include "audit/redact.h"
#include "proxy/gate.h"
#include "proxy/server_message.h"
#include "proxy/session.h"

namespace gatehouse {

// Borrows what the context holds. One thread.
class AnswerMask {
 public:
  explicit AnswerMask(const GateContext& context) : context_(context) {}

  // `line` is `answer`, filtered or not, which answers `request`.
  audit::MaskedLine OfAnswer(const InFlight& request,
                             const ServerMessage& answer,
                             std::string_view line) const;
  // Whether a part of that answer might have to change.
  bool MayChange(const InFlight& request, std::string_view part) const;
  // A request of the server, which a person or a model is to read; of one that
  // comes while a secret is awaited, as of a notification.
  audit::MaskedLine OfRequest(std::string_view line) const;
  // While a call is in flight whose answer is secret whatever it looks like, or
  // the task that it became, so is what is logged meanwhile. A task's own news
  // may bring its result.
  audit::MaskedLine OfNotification(const ServerMessage& note,
                                   std::string_view line) const;

 private:
  // Of what the server says unasked.
  audit::Origin OriginOfTalk() const;
  audit::AnswerFacts OfTask(std::string_view id) const;

  const GateContext context_;
};

}  // namespace gatehouse
