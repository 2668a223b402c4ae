// SPDX-License-Identifier: Apache-2.0
#include "proxy/answer_mask.h"

#include <algorithm>
#include <array>

namespace gatehouse {
namespace {

// Answers that describe what there is: a property called "password" is a name.
constexpr auto kListings = std::to_array<std::string_view>(
    {"initialize", "server/discover", "tools/list", "prompts/list",
     "resources/list", "resources/templates/list", "tasks/list",
     "completion/complete"});

bool IsListing(std::string_view method) {
  return std::ranges::find(kListings, method) != kListings.end();
}

bool IsTold(std::string_view method) {
  return method == "notifications/message" ||
         method == "notifications/progress";
}

}  // namespace

audit::MaskedLine AnswerMask::OfAnswer(const InFlight& request,
                                       const ServerMessage& answer,
                                       std::string_view line) const {
  audit::AnswerFacts facts{request.origin, request.reveals,
                           IsListing(request.method)};
  // Before 2026-07-28 only an error could ask for something (client_asks.cc).
  facts.links = answer.is_error || request.era == Era::kModern;
  return context_.redactor.MaskLine(line, facts);
}

bool AnswerMask::MayChange(const InFlight& request,
                           std::string_view part) const {
  return context_.redactor.MayChange(
      part, {request.origin, request.reveals, IsListing(request.method)});
}

audit::Origin AnswerMask::OriginOfTalk() const {
  return context_.session.AwaitsSecrets() ? audit::Origin::kShaped
                                          : audit::Origin::kOrdinary;
}

audit::MaskedLine AnswerMask::OfRequest(std::string_view line) const {
  audit::AnswerFacts facts{OriginOfTalk()};
  facts.links = true;
  return context_.redactor.MaskLine(line, facts);
}

audit::MaskedLine AnswerMask::OfNotification(const ServerMessage& note,
                                             std::string_view line) const {
  audit::AnswerFacts facts;
  if (IsTold(note.method)) facts.origin = OriginOfTalk();
  facts.links = note.method == "notifications/tasks";
  return context_.redactor.MaskLine(line, facts);
}

}  // namespace gatehouse
