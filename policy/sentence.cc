// SPDX-License-Identifier: Apache-2.0
#include "policy/sentence.h"

#include <string_view>
#include <utility>
#include <vector>

#include "policy/fault.h"
#include "policy/request_phrase.h"
#include "policy/time_text.h"
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

std::string PolicyPhrase(const CompiledPolicy& policy) {
  return "policy " + Quoted(policy.name);
}

std::string RulePhrase(const CompiledRule& rule) {
  return "rule " + Quoted(rule.source.id);
}

template <typename List, typename Text>
std::string Listed(const List& list, Text text) {
  constexpr std::size_t kShown = 6;
  std::string out;
  for (std::size_t i = 0; i < list.size() && i < kShown; ++i) {
    if (i > 0) out += ", ";
    out += Quoted(text(list[i]));
  }
  return list.size() > kShown ? out + ", …" : out;
}

std::string Listed(const Patterns& patterns) {
  return Listed(patterns,
                [](const Pattern& pattern) { return pattern.text(); });
}

std::string Listed(const NamespacePatterns& namespaces) {
  std::string out = Listed(namespaces.patterns);
  if (!namespaces.cluster_scope) return out;
  return out.empty() ? "cluster scope" : out + " and cluster scope";
}

// The verbs that some enforced allow covers.
VerbSet AllowedVerbs(const CompiledPolicy& policy) {
  VerbSet verbs = 0;
  for (const CompiledRule& rule : policy.rules) {
    if (rule.effect == Effect::kAllow && !rule.observe) verbs |= rule.verbs;
  }
  return verbs;
}

std::string AllowedHint(VerbSet verbs) {
  const VerbSet reading = kReadingVerbs | SetOf(Verb::kNone);
  std::string out;
  if ((verbs & reading) == reading) {
    out = "reading";
    verbs &= ~reading;
  }
  for (std::size_t i = 1; i < kVerbCount; ++i) {
    const Verb verb = static_cast<Verb>(i);
    if (!Contains(verbs, verb)) continue;
    if (!out.empty()) out += ", ";
    out += VerbName(verb);
  }
  return out.empty() ? "nothing is allowed" : out + " is allowed";
}

// What would be allowed instead: where the nearest rule allows it, else which
// verbs are allowed at all.
std::string NoRuleHint(const CompiledPolicy& policy, const Request& request,
                       const Outcome& outcome) {
  const VerbSet verbs = AllowedVerbs(policy);
  if (outcome.rule == nullptr || !Contains(verbs, request.verb)) {
    return AllowedHint(verbs);
  }
  const std::string rule = RulePhrase(*outcome.rule);
  const CompiledMatch& match = outcome.rule->match;
  if (outcome.match.field == Field::kNamespaces) {
    return rule + " covers it in " + Listed(*match.namespaces) + " only";
  }
  if (outcome.match.field == Field::kNames) {
    return rule + " covers it for the names " + Listed(*match.names) + " only";
  }
  if (outcome.match.field == Field::kContexts) {
    return rule + " covers it in the contexts " + Listed(*match.contexts) +
           " only";
  }
  if (outcome.match.field == Field::kWhen) {
    return rule + " covers it at other times only";
  }
  if (outcome.match.field == Field::kUntil) {
    return rule + " covered it until " + Rfc3339(*outcome.rule->until);
  }
  if (outcome.match.field == Field::kResources ||
      outcome.match.field == Field::kVerbs) {
    return "it allows " + std::string(VerbName(request.verb)) +
           " for other resources only";
  }
  return rule + " does not match its " +
         std::string(FieldName(outcome.match.field));
}

std::string UnknownField(Field field) {
  switch (field) {
    case Field::kVerbs:
      return "what it does";
    case Field::kResources:
    case Field::kSensitive:
      return "its resource";
    case Field::kNamespaces:
      return "its namespace";
    case Field::kNames:
      return "its name";
    case Field::kContexts:
      return "its context";
    case Field::kPodSecurity:
      return "what its pods ask for";
    case Field::kNone:
    case Field::kServers:
    case Field::kTools:
    case Field::kMethods:
    case Field::kUris:
    case Field::kPrompts:
    case Field::kWho:
    case Field::kWhen:
    case Field::kUntil:
    case Field::kUnless:
      return "whether it is covered";
  }
  return "what it does";
}

// A reason is the policy author's sentence; ours ends it.
std::string ReasonOr(const CompiledRule& rule, std::string otherwise) {
  if (rule.reason.empty()) return otherwise;
  std::string reason = rule.reason;
  while (reason.ends_with('.') || reason.ends_with('\n') ||
         reason.ends_with(' ')) {
    reason.pop_back();
  }
  return reason;
}

// " (privileged: spec.hostNetwork)", where the rule looks at it.
std::string PodsPhrase(const Request& request, const Outcome& outcome) {
  const PodFacts& pods = request.pods;
  const bool looked = outcome.decided_by_rule && outcome.rule != nullptr &&
                      outcome.rule->match.pod_security.has_value();
  if (!looked || !IsPodStandard(pods.security)) return "";
  std::string text = " (" + std::string(PodSecurityName(pods.security));
  if (!pods.because.empty()) text += ": " + pods.because;
  return text + ")";
}

std::string DeniedByRule(const CompiledPolicy& policy, const Outcome& outcome) {
  const std::string rule = RulePhrase(*outcome.rule);
  if (outcome.match.truth == Truth::kUnknown) {
    return ": " + UnknownField(outcome.match.field) +
           " is not known, and it may fall under deny " + rule;
  }
  if (outcome.rule->reason.empty()) {
    return ": " + rule + " of " + PolicyPhrase(policy) + " denies it";
  }
  return " by " + rule + ": " + ReasonOr(*outcome.rule, "");
}

std::string OutsideScope(const CompiledPolicy& policy, const Request& request) {
  std::string text =
      ": it is outside the namespaces of " + PolicyPhrase(policy);
  for (const NamespacePatterns& fence : policy.namespace_fences) {
    text += "; name one of " + Listed(fence);
  }
  if (IsScopeUnknown(request)) {
    text +=
        "; a custom resource may be cluster-scoped, which is inside only with "
        "\"\" among \"scope.namespaces\"";
  }
  return text;
}

std::string OutsideContext(const CompiledPolicy& policy,
                           const Request& request) {
  std::string text = request.context
                         ? ": the context " + Quoted(*request.context)
                         : ": its context is not known, which";
  text += " is outside " + PolicyPhrase(policy);
  for (const Patterns& fence : policy.context_fences) {
    text += "; use " + Listed(fence);
  }
  return text;
}

std::string Protected(const CompiledPolicy& policy) {
  return ": it could change a protected namespace (" + Listed(policy.protect) +
         "), which no rule can allow; name another namespace, or only read";
}

std::string Unclear(const CallFacts& facts, const Outcome& outcome) {
  if (facts.call.unclear) {
    return ": " + facts.call.unclear->reason;
  }
  return ": " + UnknownField(outcome.match.field) + " is not known; say it";
}

std::string WhyNot(const CompiledPolicy& policy, const Request& request,
                   const CallFacts& facts, const Outcome& outcome) {
  switch (outcome.code) {
    case Code::kDeniedByRule:
      return DeniedByRule(policy, outcome);
    case Code::kSensitive:
      return ": that is sensitive, and no rule of " + PolicyPhrase(policy) +
             " names " + ResourcePhrase(request) + " under \"resources\"" +
             (request.helm == HelmPart::kNone ? "" : " or says \"helm: true\"");
    case Code::kOutsideScope:
      return OutsideScope(policy, request);
    case Code::kContext:
      return OutsideContext(policy, request);
    case Code::kProtected:
      return Protected(policy);
    case Code::kUnclear:
      return Unclear(facts, outcome);
    default:
      return ": no rule of " + PolicyPhrase(policy) + " allows it; " +
             NoRuleHint(policy, request, outcome);
  }
}

}  // namespace

std::string AskedPhrase(const Classification& call) {
  const std::string target = Quoted(call.target);
  switch (call.asked) {
    case Asked::kToolCall:
      break;
    case Asked::kResource:
      return call.method + " of the resource " + target;
    case Asked::kPrompt:
      return call.method + " of the prompt " + target;
  }
  return "This call of " + Quoted(call.tool);
}

std::string CallSentence(const Classification& call, Code code) {
  const std::string tool = "The tool " + Quoted(call.tool);
  if (code == Code::kClock) {
    return tool +
           " is not allowed: the policy depends on the time, and this "
           "machine's clock is outside its bounds; set it.";
  }
  if (code == Code::kUnknownTool) {
    return tool +
           (call.server.empty()
                ? " is not allowed: no profile of this server is loaded, so "
                  "its meaning is not known; choose one with --profile."
                : " is not allowed: the profile " + Quoted(call.server) +
                      " does not describe it, so its meaning is not known.");
  }
  std::string text = AskedPhrase(call) +
                     " is not allowed: what it would do is not fully known";
  if (!call.unclear) return text + ".";
  if (!call.unclear->argument.empty()) {
    text += " (argument " + Quoted(call.unclear->argument) + ")";
  }
  return text + ": " + call.unclear->reason + ".";
}

std::string SentenceOf(const CompiledPolicy& policy, const Request& request,
                       const CallFacts& facts, const Outcome& outcome) {
  const bool unclear_call =
      request.verb == Verb::kUnclear &&
      (outcome.code == Code::kUnclear || outcome.code == Code::kUnknownTool);
  if (unclear_call) return CallSentence(facts.call, outcome.code);
  const std::string phrase =
      RequestPhrase(request) + PodsPhrase(request, outcome);
  if (outcome.effect == Effect::kAllow) {
    return phrase + " is allowed by " + RulePhrase(*outcome.rule) + " of " +
           PolicyPhrase(policy) + ".";
  }
  if (outcome.effect == Effect::kAsk) {
    return phrase + " needs a person's approval: " +
           ReasonOr(*outcome.rule, RulePhrase(*outcome.rule) + " of " +
                                       PolicyPhrase(policy) + " asks first") +
           ".";
  }
  return phrase + " is not allowed" + WhyNot(policy, request, facts, outcome) +
         ".";
}

}  // namespace gatehouse
