// SPDX-License-Identifier: Apache-2.0
#include "proxy/judge.h"

#include <utility>

#include "policy/kubernetes/tool_profile.h"
#include "proxy/argument_names.h"

namespace gatehouse {

std::string_view FindSuspiciousArgument(
    Judge& judge, const ToolCall& call,
    const std::vector<std::string>* declared) {
  if (call.arguments == nullptr) return {};
  for (const std::string_view name :
       FindLookalikes(*call.arguments, declared)) {
    if (!judge.Declares(call.tool, name)) return name;
  }
  return {};
}

PolicyJudge::PolicyJudge(const Classifier& classifier, EngineSource engine,
                         ClusterSource& cluster,
                         std::shared_ptr<const ToolProfile> profile,
                         PinNamespaces pin)
    : classifier_(classifier),
      engine_(std::move(engine)),
      cluster_(cluster),
      profile_(std::move(profile)),
      pin_(pin) {}

Judgement PolicyJudge::Decide(const ToolCall& call, const Subject& subject,
                              UtcTime time) {
  Judgement judgement;
  const ClusterView& view = cluster_.View();
  judgement.context = view.current;
  judgement.call = classifier_.Classify(call, view);
  // Held to the end: a reload must not take the engine away under the call.
  const std::shared_ptr<const Engine> engine = engine_ ? engine_() : nullptr;
  if (engine == nullptr) {
    judgement.decision.sentence = RowOf(Code::kNoPolicy).meaning;
    return judgement;
  }
  judgement.decision =
      WithoutApproval(engine->Decide(judgement.call, subject, time));
  judgement.policy_hash = engine->hash();
  judgement.mode = engine->mode();
  const ToolSpec* tool =
      profile_ == nullptr ? nullptr : profile_->Find(call.tool);
  if (pin_ == PinNamespaces::kOn && tool != nullptr &&
      judgement.decision.Passes()) {
    judgement.pin =
        FindNamespacePin(classifier_, *tool, call, judgement.call, view);
  }
  return judgement;
}

bool PolicyJudge::Declares(std::string_view tool, std::string_view argument) {
  const ToolSpec* spec = profile_ == nullptr ? nullptr : profile_->Find(tool);
  return spec != nullptr &&
         spec->arguments.find(argument) != spec->arguments.end();
}

}  // namespace gatehouse
