// SPDX-License-Identifier: Apache-2.0
#include "proxy/config_change.h"

#include <algorithm>

#include "proxy/declared_features.h"
#include "proxy/method_reader.h"

namespace gatehouse {

bool MayChangeConfig(const Judgement& judgement) {
  if (judgement.decision.effect == Effect::kAllow &&
      judgement.call.unclear.has_value()) {
    return true;
  }
  return ChangesConfig(judgement);
}

bool ChangesConfig(const Judgement& judgement) {
  return std::ranges::any_of(judgement.call.requests, [](const Request& r) {
    return r.verb == Verb::kConfig;
  });
}

Decision WithoutConfigTask(const Message& call, const Judgement& judgement) {
  const bool as_task = call.method == "tools/call" && !call.AnswersAsTool();
  if (!as_task || !judgement.decision.Passes() || !ChangesConfig(judgement)) {
    return judgement.decision;
  }
  Decision decision;
  decision.code = Code::kUnclear;
  decision.sentence =
      "The call changes the kubeconfig, and of a task nobody can say when; "
      "make it without `task`.";
  decision.enforced = judgement.mode == Mode::kEnforce;
  return decision;
}

std::optional<Message> WithoutTasks(const Message& call) {
  if (call.method != "tools/call" || !DeclaresTasks(call)) return std::nullopt;
  return WithoutExtension(call, kTasksExtension);
}

bool BecomesConfigTask(Session& session, const ServerMessage& answer) {
  const bool may_be_task =
      answer.result_type == "task" || answer.has_odd_result_type;
  if (!answer.id || !may_be_task) return false;
  const InFlight* const request = session.FindSent(*answer.id);
  return request != nullptr && request->makes_no_task;
}

}  // namespace gatehouse
