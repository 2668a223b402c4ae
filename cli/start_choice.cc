// SPDX-License-Identifier: Apache-2.0
#include "cli/start_choice.h"

#include <utility>

#include "cli/profile_source.h"

namespace gatehouse::cli {

void AddStartOptions(Command command, StartChoice& choice) {
  AddPolicyOptions(command, choice.policy);
  AddProfileOption(command, choice.profile);
  command
      .Add("--kubeconfig", choice.kubeconfig,
           "The kubeconfig that the server gets and calls are judged by")
      .Word("FILE");
  command
      .Add("--context", choice.context,
           "The one kubeconfig context that calls may go to")
      .Word("NAME");
  command.AddFlag("--no-confine", choice.no_confine,
                  "Give the server the kubeconfig itself, not a private copy "
                  "with only the contexts in scope");
}

Result<StartPlan> PlanStart(const StartChoice& choice,
                            const ToolProfile* profile) {
  return MakeStartPlan(
      {choice.server, choice.kubeconfig, choice.context, !choice.no_confine},
      profile);
}

Result<StartPolicy> LoadStartPolicy(const StartChoice& choice,
                                    const StartPlan& plan, const Warn& warn) {
  StartPolicy policy{choice.policy, {}};
  policy.choice.current_context = plan.context;
  if (!choice.context.empty()) policy.choice.only_context = choice.context;
  policy.loaded = ReadPolicy(policy.choice);
  policy.choice.tables = KubernetesTables::Embedded();
  CompilePolicy(policy.choice, policy.loaded);
  if (policy.loaded.engine == nullptr) {
    return Error{ErrorCode::kInvalid, policy.loaded.FirstFault()};
  }
  for (const Issue& issue : policy.loaded.issues.items()) warn(Render(issue));
  if (choice.no_confine && policy.loaded.engine->locks().confine) {
    return Error{ErrorCode::kInvalid,
                 "--no-confine: the system policy locks the confinement"};
  }
  return policy;
}

Result<ServerStart> PrepareStart(const StartChoice& choice,
                                 const ToolProfile* profile, const Warn& warn) {
  auto plan = PlanStart(choice, profile);
  if (!plan.ok()) return plan.error();
  const auto policy = LoadStartPolicy(choice, plan.value(), warn);
  if (!policy.ok()) return policy.error();
  return PrepareServer(std::move(plan).value(), policy.value().loaded.engine,
                       warn);
}

}  // namespace gatehouse::cli
