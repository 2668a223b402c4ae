// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_match.h"

#include <array>
#include <cstddef>

#include "policy/field_match.h"
#include "policy/resource_match.h"

namespace gatehouse {
namespace {

constexpr std::array<std::string_view, kFieldCount> kFieldNames = {
    "nothing",
    "verbs",
    "resources",
    "namespaces",
    "names",
    "contexts",
    "servers",
    "tools",
    "methods",
    "uris",
    "prompts",
    "podSecurity",
    "who",
    "when",
    "until",
    "unless",
    "sensitive, not named",
};

Reading ReadingOf(Effect effect) {
  return effect == Effect::kAllow ? Reading::kGrant : Reading::kHold;
}

Truth MatchVerb(VerbSet verbs, Verb verb) noexcept {
  if (verb == Verb::kUnknown) return Truth::kUnknown;
  return TruthOf(Contains(verbs, verb));
}

// Verb and resource belong together: `create` on pods/exec is `exec` there and
// `create` elsewhere.
RuleMatch MatchVerbAndResource(const CompiledRule& rule,
                               const Request& request) noexcept {
  const auto& patterns = rule.match.resources;
  if (!patterns) return {MatchVerb(rule.verbs, request.verb), Field::kVerbs};
  RuleMatch best{Truth::kFalse, Field::kVerbs};
  for (const ResourcePattern& pattern : *patterns) {
    const Truth verb =
        MatchVerb(rule.verbs | pattern.extra_verbs, request.verb);
    if (verb == Truth::kFalse) continue;
    best.field = Field::kResources;
    const Truth resource = MatchResource(pattern, request, rule.named_verbs);
    best.truth = Or(best.truth, And(verb, resource));
    if (best.truth == Truth::kTrue) break;
  }
  return best;
}

// `helm: true`: what helm touches unseen is covered by verb and place alone.
bool CoversUnseen(const CompiledRule& rule, const Request& request) noexcept {
  return rule.helm && rule.effect != Effect::kDeny &&
         request.helm != HelmPart::kNone;
}

RuleMatch MatchHelmVerb(const CompiledRule& rule,
                        const Request& request) noexcept {
  const bool changes = (rule.verbs & kHelmChanges) == kHelmChanges;
  // Some of a chart may lie outside the namespace: the price of helm, known to
  // who writes `helm: true` beside `write` (SECURITY.md).
  if (request.verb == Verb::kUnclear) return {TruthOf(changes), Field::kVerbs};
  // Changing a release reads its record and what it holds: a template may look
  // anything up.
  if (changes && IsReading(request.verb)) return {Truth::kTrue, Field::kVerbs};
  return {MatchVerb(rule.verbs, request.verb), Field::kVerbs};
}

// Folds fields together and remembers the one to show.
class Folder {
 public:
  // False where nothing further can change the answer.
  bool Add(Truth truth, Field field) noexcept {
    if (truth == Truth::kTrue) return true;
    const bool first = match_.truth == Truth::kTrue;
    if (first || truth == Truth::kFalse) match_ = {truth, field};
    return truth != Truth::kFalse;
  }
  RuleMatch match() const { return match_; }

 private:
  RuleMatch match_{Truth::kTrue, Field::kNone};
};

// All fields but verbs and resources.
void AddFields(const CompiledMatch& match, const Request& request,
               const CallFacts& facts, Reading reading, Folder& folder) {
  const auto tests = FieldTests();
  const FieldTest* test = tests.data();
  const FieldTest* const end = test + tests.size();
  for (unsigned given = match.given; given != 0; given >>= 1, ++test) {
    if (test == end) break;
    if ((given & 1u) == 0) continue;
    const Truth truth = test->meets(match, request, facts, reading);
    if (!folder.Add(truth, test->field)) return;
  }
}

Truth MatchException(const CompiledRule& rule, const Request& request,
                     const CallFacts& facts) noexcept {
  Folder folder;
  if (rule.unless->resources) {
    Truth any = Truth::kFalse;
    for (const ResourcePattern& pattern : *rule.unless->resources) {
      any = Or(any, MatchResource(pattern, request, rule.named_verbs));
    }
    folder.Add(any, Field::kResources);
  }
  AddFields(*rule.unless, request, facts, Reading::kException, folder);
  return folder.match().truth;
}

// Whether the rule still applies beside its exception. Unknown takes an allow
// away, leaves a deny standing, and makes an ask unknown (so that beside an
// allow it refuses).
Truth WithoutException(const CompiledRule& rule, const Request& request,
                       const CallFacts& facts) noexcept {
  const Truth exception = MatchException(rule, request, facts);
  if (exception != Truth::kUnknown) return Not(exception);
  if (facts.question == Question::kCouldAllow) return Truth::kUnknown;
  switch (rule.effect) {
    case Effect::kAllow:
      return Truth::kFalse;
    case Effect::kAsk:
      return Truth::kUnknown;
    case Effect::kDeny:
      return Truth::kTrue;
  }
  return Truth::kUnknown;
}

}  // namespace

std::string_view FieldName(Field field) {
  return kFieldNames[static_cast<std::size_t>(field)];
}

bool IsScopeUnknown(const Request& request) noexcept {
  if (!request.custom) return false;
  // What a category lists is taken to be namespaced.
  const bool listed = request.custom->word.empty() && IsReading(request.verb);
  return request.all_namespaces ? !listed : !request.namespace_name.has_value();
}

bool IsNamespaceObject(const Request& request) noexcept {
  return request.resource == "namespaces" && request.group == "";
}

RuleMatch MatchRule(const CompiledPolicy& policy, const CompiledRule& rule,
                    const Request& request, const CallFacts& facts) noexcept {
  Folder folder;
  const bool unseen = CoversUnseen(rule, request);
  const RuleMatch verb = unseen ? MatchHelmVerb(rule, request)
                                : MatchVerbAndResource(rule, request);
  if (!folder.Add(verb.truth, verb.field)) return folder.match();
  // Of an allow, an unknown verb is never true, whatever the rule covers.
  AddFields(rule.match, request, facts, ReadingOf(rule.effect), folder);
  if (folder.match().truth == Truth::kFalse) return folder.match();
  if (rule.until && facts.time >= *rule.until) {
    return {Truth::kFalse, Field::kUntil};
  }
  if (rule.unless &&
      !folder.Add(WithoutException(rule, request, facts), Field::kUnless)) {
    return folder.match();
  }
  if (rule.effect != Effect::kDeny && !unseen) {
    folder.Add(CoversSensitive(policy, rule, request), Field::kSensitive);
  }
  return folder.match();
}

}  // namespace gatehouse
