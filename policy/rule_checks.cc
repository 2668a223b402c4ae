// SPDX-License-Identifier: Apache-2.0
// What the fields of one rule must have together.
#include <algorithm>
#include <string>

#include "policy/file_reader.h"

namespace gatehouse {
namespace {

void CheckEffects(const YamlNode& node, const Rule& rule, ValueReader& values) {
  int effects = 0;
  for (std::string_view name : {"allow", "ask", "deny"}) {
    effects += node.Find(name) != nullptr ? 1 : 0;
  }
  if (effects == 1) return;
  values.Add(Fault::kEffect, rule.position,
             std::string(effects == 0 ? "none" : "more than one") +
                 " of \"allow\", \"ask\" and \"deny\"" + values.place() +
                 "; a rule has exactly one");
}

void CheckUnclear(const Rule& rule, ValueReader& values) {
  const MatchFields& match = rule.match;
  if (rule.effect == Effect::kDeny || match.tools || match.methods ||
      match.uris || match.prompts) {
    return;
  }
  for (const Word& verb : rule.verbs) {
    if (verb.text != "unclear") continue;
    values.Add(Fault::kUnclearNeedsTools, verb.position,
               "\"unclear\" can be allowed only together with \"tools\", "
               "\"methods\", \"uris\" or \"prompts\"" +
                   values.place());
  }
}

void CheckWho(const MatchFields& match, std::string_view what,
              ValueReader& values) {
  if (!match.who || !match.who->clients) return;
  if (match.who->users || match.who->groups || match.who->kube_users) return;
  values.Add(Fault::kUnprovenGround, match.who->position,
             "\"clients\" is what a client says of itself and never the only "
             "ground of " +
                 std::string(what) + values.place() +
                 "; add \"users\", \"groups\" or \"kubeUsers\"");
}

// What a chart holds has neither resource nor name that is known beforehand:
// a field that asks for one would promise a limit and hold nothing.
void CheckHelm(const YamlNode& node, const Rule& rule, ValueReader& values) {
  if (!rule.helm) return;
  const YamlNode& at = *node.Find("helm");
  if (rule.effect == Effect::kDeny) {
    values.Add(Fault::kBadValue, at.position,
               "\"helm\" widens an allow or an ask; a deny covers what is not "
               "known anyway" +
                   values.place());
  }
  if (rule.match.resources || rule.match.names) {
    values.Add(Fault::kBadValue, at.position,
               "what a chart holds is not known, so \"helm\" cannot stand "
               "beside \"resources\" or \"names\"" +
                   values.place() + "; write a rule of its own for it");
  }
}

// Fields that mean something for some effects only.
void CheckEffectFields(const YamlNode& node, const Rule& rule,
                       ValueReader& values) {
  const auto refuse = [&](std::string_view name, const std::string& why) {
    const auto& members = node.members;
    const auto member =
        std::find_if(members.begin(), members.end(),
                     [&](const YamlMember& each) { return each.key == name; });
    if (member == members.end()) return;
    values.Add(Fault::kWrongEffect, member->position,
               "\"" + std::string(name) + "\"" + values.place() + " " + why);
  };
  const bool deny = rule.effect == Effect::kDeny;
  // What pods ask for is looked for to hold it back; an allow of it would read
  // as if it granted only that.
  if (rule.effect == Effect::kAllow) {
    refuse("podSecurity",
           "belongs to a deny or ask; under an allow, write what it must not "
           "be: \"unless: {podSecurity: privileged}\"");
  }
  if (rule.effect != Effect::kAsk) refuse("timeout", "belongs to an ask");
  if (deny) refuse("limit", "belongs to an allow or ask");
  if (deny) refuse("reveal", "belongs to an allow or ask");
  if (!deny) refuse("expires", "belongs to a deny");
  if (!deny) return;
  if (!rule.expiry_opens) {
    refuse("until",
           "would let through what the deny holds back when it ends; if that "
           "is meant, add \"expires: opens\"");
  } else if (node.Find("until") == nullptr) {
    refuse("expires", "says how \"until\" is meant, and there is none");
  }
}

}  // namespace

void CheckRule(const YamlNode& node, const Rule& rule, ValueReader& values) {
  const Position start{node.position.line, node.position.column, 0};
  if (node.Find("id") == nullptr) {
    values.Add(Fault::kMissingField, start, "a rule has no \"id\"");
  }
  CheckEffects(node, rule, values);
  CheckEffectFields(node, rule, values);
  CheckUnclear(rule, values);
  CheckHelm(node, rule, values);
  if (rule.effect != Effect::kDeny) CheckWho(rule.match, "an allow", values);
  // An exception to a deny or an ask grants what they hold back.
  if (rule.unless && rule.effect != Effect::kAllow) {
    CheckWho(*rule.unless, "an exception", values);
  }
}

}  // namespace gatehouse
