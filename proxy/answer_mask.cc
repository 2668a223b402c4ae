// SPDX-License-Identifier: Apache-2.0
#include "proxy/answer_mask.h"

#include <algorithm>
#include <array>
#include <string>

#include "policy/json_value.h"
#include "proxy/server_notes.h"

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

// The task that a notification is about.
std::string TaskIn(std::string_view line) {
  const Result<JsonValue> whole = ParseJson(line);
  const JsonValue* params =
      whole.ok() ? Member(whole.value(), "params") : nullptr;
  if (params == nullptr) return "";
  return std::string(StringMember(*params, "taskId").value_or(""));
}

}  // namespace

audit::MaskedLine AnswerMask::OfAnswer(const InFlight& request,
                                       const ServerMessage& answer,
                                       std::string_view line) const {
  audit::AnswerFacts facts{request.origin, request.reveals,
                           IsListing(request.method)};
  // A server may have given the id to another call since it was asked for.
  const TaskOrigin* polled = context_.session.FindTask(request.polled);
  if (polled != nullptr) {
    facts.origin = polled->origin;
    facts.reveals = polled->reveals;
  }
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

// Of one that is not known, nobody can say what its result is.
audit::AnswerFacts AnswerMask::OfTask(std::string_view id) const {
  const TaskOrigin* task = context_.session.FindTask(id);
  if (task == nullptr) return {audit::Origin::kShaped};
  return {task->origin, task->reveals};
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
  if (IsOfTask(note.method)) facts = OfTask(TaskIn(line));
  facts.links = note.method == "notifications/tasks";
  return context_.redactor.MaskLine(line, facts);
}

}  // namespace gatehouse
