// SPDX-License-Identifier: Apache-2.0
#include "policy/engine.h"

#include <algorithm>
#include <utility>

#include "policy/compiled_policy.h"
#include "policy/could_allow.h"
#include "policy/fence.h"
#include "policy/layers.h"
#include "policy/request_judge.h"
#include "policy/secret_origin.h"
#include "policy/sentence.h"

namespace gatehouse {
namespace {

// Before this version there was no policy to judge by, and `until` reaches no
// farther than what a policy may say.
constexpr std::chrono::sys_days kEarliestClock =
    std::chrono::year(2026) / std::chrono::January / 1;
constexpr std::chrono::sys_days kLatestClock =
    std::chrono::year(2100) / std::chrono::January / 1;

// The request that decides a call, and how. No request: nothing was understood.
struct CallOutcome {
  const Request* request = nullptr;
  std::size_t index = 0;
  Outcome outcome;
  std::vector<LimitKey> limits;  // of all requests
  bool reveals = false;
};

bool IsUnclear(Code code) {
  return code == Code::kUnclear || code == Code::kUnknownTool;
}

// Of two denies the first stands, but one that is understood says more than
// one that is not.
bool IsStricter(const Outcome& a, const Outcome& b) {
  if (a.effect != b.effect) return a.effect < b.effect;
  return a.effect == Effect::kDeny && IsUnclear(b.code) && !IsUnclear(a.code);
}

Outcome NotUnderstood(const Classification& call) {
  Outcome outcome;
  outcome.code = NotUnderstoodCode(call);
  return outcome;
}

// A classification that says "unclear" without a request that says so is a
// fault elsewhere, and must not pass.
bool LacksUnclearRequest(const Classification& call) {
  if (call.known_tool && !call.unclear) return false;
  for (const Request& request : call.requests) {
    if (request.verb == Verb::kUnclear) return false;
  }
  return true;
}

// What the rules see: a dry run may be the read that it amounts to.
Request AsJudged(const CompiledPolicy& policy, const Request& request) {
  Request judged = request;
  if (IsReadingDryRun(policy, request)) judged.verb = Verb::kGet;
  return judged;
}

Outcome JudgeOne(const CompiledPolicy& policy, const Request& request,
                 const CallFacts& facts, RuleSet rules) noexcept {
  if (!IsReadingDryRun(policy, request)) {
    return JudgeRequest(policy, request, facts, rules);
  }
  return JudgeRequest(policy, AsJudged(policy, request), facts, rules);
}

// A rule's time or count is worth nothing by a clock that was never set.
bool ClockFails(const CompiledPolicy& policy, UtcTime time) {
  return policy.reads_clock && (time < kEarliestClock || time >= kLatestClock);
}

void AddLimit(const CompiledPolicy& policy, const Outcome& outcome,
              std::vector<LimitKey>& limits) {
  if (outcome.effect == Effect::kDeny || !outcome.rule->limit) return;
  const CallLimit& limit = *outcome.rule->limit;
  LimitKey key{policy.name, outcome.rule->source.id, limit.calls, limit.per,
               policy.mode == Mode::kEnforce};
  if (std::find(limits.begin(), limits.end(), key) == limits.end()) {
    limits.push_back(std::move(key));
  }
}

// Whether the answer may come back unmasked: by a rule that says so, and no
// secret in it by another's leave.
class Revealing {
 public:
  void Add(const Request& request, const Outcome& outcome) {
    const bool reveals =
        outcome.effect != Effect::kDeny && outcome.rule->reveal;
    some_ = some_ || reveals;
    held_ = held_ || (!reveals && BringsSecrets(request));
  }
  bool reveals() const { return some_ && !held_; }

 private:
  bool some_ = false;
  bool held_ = false;
};

CallOutcome JudgeCall(const CompiledPolicy& policy, const CallFacts& facts,
                      RuleSet rules) noexcept {
  CallOutcome strictest;
  strictest.outcome = NotUnderstood(facts.call);
  if (ClockFails(policy, facts.time)) {
    strictest.outcome.code = Code::kClock;
    return strictest;
  }
  std::vector<LimitKey> limits;
  Revealing revealing;
  const bool broken = LacksUnclearRequest(facts.call);
  for (std::size_t i = 0; i < facts.call.requests.size(); ++i) {
    const Request& request = facts.call.requests[i];
    const Outcome outcome = JudgeOne(policy, request, facts, rules);
    if (policy.has_limits) AddLimit(policy, outcome, limits);
    if (policy.has_reveals) revealing.Add(request, outcome);
    const bool first = i == 0 && !broken;
    if (first || IsStricter(outcome, strictest.outcome)) {
      strictest = {&request, i, outcome, {}, false};
    }
  }
  if (strictest.outcome.effect != Effect::kDeny) {
    strictest.limits = std::move(limits);
    strictest.reveals = revealing.reveals();
  }
  return strictest;
}

Decision InWords(const CompiledPolicy& policy, const CallFacts& facts,
                 const CallOutcome& call) {
  Decision decision;
  decision.effect = call.outcome.effect;
  decision.code = call.outcome.code;
  decision.request = call.index;
  if (call.outcome.decided_by_rule) {
    decision.rule = call.outcome.rule->source.id;
  }
  decision.sentence =
      call.request == nullptr
          ? CallSentence(facts.call, call.outcome.code)
          : SentenceOf(policy, *call.request, facts,
                       WithNearestRule(policy, AsJudged(policy, *call.request),
                                       facts, call.outcome));
  decision.limits = call.limits;
  decision.reveals = call.reveals;
  decision.enforced =
      policy.mode == Mode::kEnforce || decision.effect == Effect::kAllow;
  return decision;
}

std::string DecidingRule(const CallOutcome& call) {
  return call.outcome.decided_by_rule ? call.outcome.rule->source.id : "";
}

Decision DecideCall(const CompiledPolicy& policy, const CallFacts& facts) {
  const CallOutcome enforced = JudgeCall(policy, facts, RuleSet::kEnforced);
  Decision decision = InWords(policy, facts, enforced);
  if (!policy.has_observed_rules) return decision;
  const CallOutcome all = JudgeCall(policy, facts, RuleSet::kAll);
  const std::string rule = DecidingRule(all);
  if (all.outcome.effect != decision.effect || rule != decision.rule) {
    decision.observed = {all.outcome.effect, rule};
  }
  return decision;
}

// What the system does not speak of is the user's to say.
SessionSettings StricterSettings(const CompiledPolicy& user,
                                 const CompiledPolicy* system) {
  SessionSettings settings = user.settings;
  if (system == nullptr) return settings;
  const SessionSettings& other = system->settings;
  settings.client_features =
      settings.client_features.StricterOf(other.client_features);
  if (system->controls) {
    settings.controls = std::min(settings.controls, *system->controls);
  }
  const auto add = [](std::vector<std::string>& into,
                      const std::vector<std::string>& more) {
    into.insert(into.end(), more.begin(), more.end());
  };
  add(settings.secret_keys, other.secret_keys);
  add(settings.formats, other.formats);
  return settings;
}

std::string OutcomeWords(const CompiledRule& rule, RuleMatch match) {
  switch (match.truth) {
    case Truth::kTrue:
      return "matches";
    case Truth::kUnknown:
      return (rule.effect == Effect::kDeny ? "fires, unknown: " : "unknown: ") +
             std::string(FieldName(match.field));
    case Truth::kFalse:
      return "no: " + std::string(FieldName(match.field));
  }
  return "";
}

// Every rule against one request, by the same MatchRule that decides.
std::vector<TraceStep> StepsOf(const CompiledPolicy& policy,
                               const Request& request, const CallFacts& facts) {
  std::vector<TraceStep> steps;
  for (const CompiledRule& rule : policy.rules) {
    const RuleMatch match = MatchRule(policy, rule, request, facts);
    steps.push_back(
        {rule.source, rule.effect, rule.observe, OutcomeWords(rule, match)});
  }
  return steps;
}

RequestTrace TraceRequest(const CompiledPolicy& policy, std::size_t index,
                          const CallFacts& facts) {
  const Request& request = facts.call.requests[index];
  const CallOutcome alone{&request,
                          index,
                          JudgeOne(policy, request, facts, RuleSet::kEnforced),
                          {},
                          false};
  return {Describe(request), InWords(policy, facts, alone),
          StepsOf(policy, request, facts)};
}

}  // namespace

Engine::Engine(std::unique_ptr<const CompiledPolicy> user,
               std::unique_ptr<const CompiledPolicy> system, const Locks& locks)
    : user_(std::move(user)),
      system_(std::move(system)),
      locks_(locks),
      settings_(StricterSettings(*user_, system_.get())) {}

Engine::~Engine() = default;

Decision Engine::Decide(const Classification& call, const Subject& subject,
                        UtcTime time) const noexcept {
  const CallFacts facts{call, subject, time};
  Decision decision = DecideCall(*user_, facts);
  if (system_ == nullptr) return decision;
  return StricterOf(std::move(decision), DecideCall(*system_, facts));
}

bool Engine::CouldAllow(const PossibleCall& call, const Subject& subject,
                        UtcTime time) const noexcept {
  return gatehouse::CouldAllow(*user_, call, subject, time) &&
         (system_ == nullptr ||
          gatehouse::CouldAllow(*system_, call, subject, time));
}

Trace Engine::Explain(const Classification& call, const Subject& subject,
                      UtcTime time) const {
  const CallFacts facts{call, subject, time};
  Trace trace;
  trace.decision = Decide(call, subject, time);
  for (std::size_t i = 0; i < call.requests.size(); ++i) {
    RequestTrace request = TraceRequest(*user_, i, facts);
    if (system_ != nullptr) {
      RequestTrace above = TraceRequest(*system_, i, facts);
      request.decision =
          StricterOf(std::move(request.decision), std::move(above.decision));
      request.steps.insert(request.steps.end(), above.steps.begin(),
                           above.steps.end());
    }
    trace.requests.push_back(std::move(request));
  }
  return trace;
}

bool Engine::ContextInScope(std::string_view context) const noexcept {
  return gatehouse::ContextInScope(*user_, context) &&
         (system_ == nullptr || gatehouse::ContextInScope(*system_, context));
}

bool Engine::AllowsSetting(std::string_view name) const noexcept {
  const auto allows = [&](const CompiledPolicy& policy) {
    const auto& allowed = policy.server_settings;
    return std::find(allowed.begin(), allowed.end(), name) != allowed.end();
  };
  return allows(*user_) && (system_ == nullptr || allows(*system_));
}

Mode Engine::mode() const noexcept { return user_->mode; }
bool Engine::Enforces() const noexcept {
  return user_->mode == Mode::kEnforce || system_ != nullptr;
}
Pin Engine::pin() const noexcept {
  const bool strict =
      user_->pin_strict || (system_ != nullptr && system_->pin_strict);
  return strict ? Pin::kStrict : Pin::kRecord;
}
std::string_view Engine::name() const noexcept { return user_->name; }
std::string_view Engine::hash() const noexcept { return user_->hash; }
std::string_view Engine::text() const noexcept { return user_->text; }

std::vector<RuleSource> Engine::rules() const {
  std::vector<RuleSource> sources;
  for (const CompiledPolicy* policy : {user_.get(), system_.get()}) {
    if (policy == nullptr) continue;
    for (const CompiledRule& rule : policy->rules) {
      sources.push_back(rule.source);
    }
  }
  return sources;
}

Decision WithoutApproval(Decision decision) {
  if (decision.effect != Effect::kAsk) return decision;
  decision.effect = Effect::kDeny;
  decision.code = Code::kApprovalUnavailable;
  decision.reveals = false;
  if (decision.sentence.ends_with('.')) decision.sentence.pop_back();
  decision.sentence += ", and this version has no way to ask for it.";
  return decision;
}

}  // namespace gatehouse
