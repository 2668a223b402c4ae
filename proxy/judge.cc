// SPDX-License-Identifier: Apache-2.0
#include "proxy/judge.h"

#include <utility>

#include "policy/kubernetes/tool_profile.h"
#include "proxy/argument_names.h"

namespace gatehouse {
namespace {

// Who subscribes to a resource has it watched.
void AddWatches(Classification& call) {
  std::vector<Request> watches;
  for (Request request : call.requests) {
    if (request.verb != Verb::kGet && request.verb != Verb::kList) continue;
    request.verb = Verb::kWatch;
    watches.push_back(std::move(request));
  }
  for (Request& watch : watches) call.requests.push_back(std::move(watch));
}

// Where no rule can say where a call goes: not even one that lets everything
// through, in every context.
Decision RefuseUnknownPlace(const ClusterView& view, const Engine& engine) {
  Decision decision;
  decision.code = Code::kUnclear;
  decision.sentence = "Where the call goes is not known: " + view.unknown + ".";
  decision.enforced = engine.Enforces();
  return decision;
}

}  // namespace

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

Judgement PolicyJudge::Judged(Classification call, const Subject& subject,
                              UtcTime time, const ClusterView& view) {
  Judgement judgement;
  judgement.context = view.current;
  judgement.call = std::move(call);
  // Held to the end: a reload must not take the engine away under the call.
  const std::shared_ptr<const Engine> engine = engine_ ? engine_() : nullptr;
  if (engine == nullptr) {
    judgement.decision.sentence = RowOf(Code::kNoPolicy).meaning;
    return judgement;
  }
  judgement.decision =
      view.unknown.empty()
          ? WithoutApproval(engine->Decide(judgement.call, subject, time))
          : RefuseUnknownPlace(view, *engine);
  judgement.policy_hash = engine->hash();
  judgement.mode = engine->mode();
  return judgement;
}

Judgement PolicyJudge::Decide(const ToolCall& call, const Subject& subject,
                              UtcTime time) {
  const ClusterView& view = cluster_.View();
  Judgement judgement =
      Judged(classifier_.Classify(call, view), subject, time, view);
  const ToolSpec* tool =
      profile_ == nullptr ? nullptr : profile_->Find(call.tool);
  if (pin_ == PinNamespaces::kOn && tool != nullptr &&
      judgement.decision.Passes()) {
    judgement.pin =
        FindNamespacePin(classifier_, *tool, call, judgement.call, view);
  }
  return judgement;
}

Classification PolicyJudge::Classified(const MethodRequest& request,
                                       const ClusterView& view) const {
  if (request.method == "completion/complete") {
    return classifier_.ClassifyCompletion(request.target, view);
  }
  if (request.asked == Asked::kPrompt) {
    return classifier_.ClassifyPrompt({request.target, request.arguments},
                                      view);
  }
  Classification call = classifier_.ClassifyResource(request.target, view);
  if (request.method != "resources/read") AddWatches(call);
  return call;
}

Judgement PolicyJudge::DecideMethod(const MethodRequest& request,
                                    const Subject& subject, UtcTime time) {
  const ClusterView& view = cluster_.View();
  Classification call = Classified(request, view);
  call.asked = request.asked;
  call.method = std::string(request.method);
  return Judged(std::move(call), subject, time, view);
}

bool PolicyJudge::CouldPass(const MethodRequest& listed, const Subject& subject,
                            UtcTime time) {
  const std::shared_ptr<const Engine> engine = engine_ ? engine_() : nullptr;
  if (engine == nullptr) return false;
  const bool is_template = listed.target.find('{') != std::string_view::npos;
  if (listed.asked == Asked::kResource && !is_template) {
    return DecideMethod(listed, subject, time).decision.Passes();
  }
  PossibleCall possible;
  switch (listed.asked) {
    case Asked::kToolCall:
      possible = classifier_.Possible(listed.target);
      break;
    case Asked::kPrompt:
      possible = classifier_.PossiblePrompt(listed.target);
      break;
    case Asked::kResource:
      possible = classifier_.PossibleTemplate(listed.target);
      break;
  }
  possible.facts.method = std::string(listed.method);
  return engine->CouldAllow(possible, subject, time);
}

Pin PolicyJudge::tool_pin() {
  const std::shared_ptr<const Engine> engine = engine_ ? engine_() : nullptr;
  return engine == nullptr ? Pin::kRecord : engine->pin();
}

Mode PolicyJudge::mode() {
  const std::shared_ptr<const Engine> engine = engine_ ? engine_() : nullptr;
  return engine == nullptr ? Mode::kEnforce : engine->mode();
}

SessionSettings PolicyJudge::settings() {
  const std::shared_ptr<const Engine> engine = engine_ ? engine_() : nullptr;
  return engine == nullptr ? SessionSettings() : engine->settings();
}

bool PolicyJudge::Knows(std::string_view tool) {
  return profile_ != nullptr && profile_->Find(tool) != nullptr;
}

bool PolicyJudge::Declares(std::string_view tool, std::string_view argument) {
  const ToolSpec* spec = profile_ == nullptr ? nullptr : profile_->Find(tool);
  return spec != nullptr &&
         spec->arguments.find(argument) != spec->arguments.end();
}

}  // namespace gatehouse
