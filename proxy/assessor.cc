// SPDX-License-Identifier: Apache-2.0
#include "proxy/assessor.h"

#include <algorithm>
#include <string>
#include <utility>

namespace gatehouse {
namespace {

Subject Asking(const GateContext& context) {
  Subject subject = context.trail.identity().subject;
  subject.client = context.session.client_name();
  return subject;
}

// What a profile or a person has not seen is not what they judged.
void ApplyDrift(const GateContext& context, Judgement& judgement) {
  Decision& decision = judgement.decision;
  if (decision.effect == Effect::kDeny) return;
  const std::string fault = context.session.catalogue().FaultOf(
      judgement.call.tool, context.judge.tool_pin());
  if (fault.empty()) return;
  decision = GuardDenies(Code::kDrift);
  decision.sentence =
      "The tool \"" + judgement.call.tool + "\" is not allowed: " + fault + ".";
  decision.enforced = judgement.mode == Mode::kEnforce;
}

void Merge(Judgement more, Judgement& all) {
  std::vector<Request>& requests = all.call.requests;
  const std::size_t before = requests.size();
  for (Request& request : more.call.requests) {
    requests.push_back(std::move(request));
  }
  // A call that passes counts against the limits of all of it.
  std::vector<LimitKey>& limits = all.decision.limits;
  for (const LimitKey& limit : more.decision.limits) {
    if (std::find(limits.begin(), limits.end(), limit) == limits.end()) {
      limits.push_back(limit);
    }
  }
  const bool reveals = all.decision.reveals && more.decision.reveals;
  // The first that does not pass decides; else the first decides.
  if (all.decision.Passes() && !more.decision.Passes()) {
    more.decision.request += before;
    all.decision = std::move(more.decision);
    all.call.unclear = std::move(more.call.unclear);
    all.call.target = std::move(more.call.target);
  }
  all.decision.reveals = reveals;
}

Judgement AssessMethod(const GateContext& context, const MethodAsks& asks,
                       UtcTime now) {
  const Subject subject = Asking(context);
  Judgement all =
      context.judge.DecideMethod(asks.requests.front(), subject, now);
  for (std::size_t i = 1; i < asks.requests.size(); ++i) {
    Merge(context.judge.DecideMethod(asks.requests[i], subject, now), all);
  }
  return all;
}

Decision Granted(std::string sentence) {
  Decision decision;
  decision.effect = Effect::kAllow;
  decision.code = Code::kAllowed;
  decision.sentence = std::move(sentence);
  return decision;
}

// What was allowed for the call is allowed for the task that it became.
Judgement AssessTasks(const GateContext& context, const Message& message,
                      const MethodAsks& asks) {
  const TaskOrigin* origin = context.session.FindTask(asks.tasks.front());
  Judgement judgement;
  judgement.call.server = context.trail.identity().server;
  judgement.call.tool = origin->tool;
  judgement.decision = Granted(message.method + " is of a task that the call " +
                               origin->call + " became.");
  return judgement;
}

bool GivesUp(const GateContext& context, const Message& message,
             const MethodAsks& asks) {
  return message.method == "resources/unsubscribe" &&
         context.session.Subscribed(asks.requests.front().target);
}

Judgement AssessAsked(const GateContext& context, const Message& message,
                      const MethodAsks& asks, UtcTime now) {
  if (message.method == "tools/call") {
    Judgement judgement = context.judge.Decide(
        {message.tool(), message.arguments()}, Asking(context), now);
    ApplyDrift(context, judgement);
    return judgement;
  }
  if (asks.requests.empty()) return AssessTasks(context, message, asks);
  if (!GivesUp(context, message, asks)) {
    return AssessMethod(context, asks, now);
  }
  Judgement judgement;
  judgement.call.server = context.trail.identity().server;
  judgement.decision = Granted("A subscription may be given up.");
  return judgement;
}

}  // namespace

Decision GuardDenies(Code code) {
  Decision decision;
  decision.code = code;
  decision.sentence = RowOf(code).meaning;
  return decision;
}

bool IsBound(const Session& session, const MethodAsks& asks) {
  return std::all_of(asks.tasks.begin(), asks.tasks.end(),
                     [&session](std::string_view task) {
                       return session.FindTask(task) != nullptr;
                     });
}

Judgement Assess(const GateContext& context, const Message& message,
                 const MethodAsks& asks, UtcTime now) {
  Judgement judgement = AssessAsked(context, message, asks, now);
  judgement.decision = WithoutApproval(std::move(judgement.decision));
  if (context.session.server_gone()) {
    judgement.decision = GuardDenies(Code::kServerDied);
  } else if (context.session.server_busy() && judgement.decision.Passes()) {
    judgement.decision = GuardDenies(Code::kServerBusy);
  }
  return judgement;
}

}  // namespace gatehouse
