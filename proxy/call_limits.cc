// SPDX-License-Identifier: Apache-2.0
#include "proxy/call_limits.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "policy/fault.h"
#include "policy/time_text.h"

namespace gatehouse {
namespace {

std::int64_t Nanoseconds(auto duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

std::vector<audit::LimitUse> UsesOf(const Decision& decision,
                                    const Identity& identity, UtcTime now) {
  std::vector<audit::LimitUse> uses;
  for (const LimitKey& limit : decision.limits) {
    uses.push_back(
        {std::to_string(identity.uid) + " " + limit.policy + " " + limit.rule,
         Nanoseconds(now.time_since_epoch()), limit.calls,
         Nanoseconds(limit.per)});
  }
  return uses;
}

Decision UsedUp(Decision decision, const LimitKey& limit) {
  decision.effect = Effect::kDeny;
  decision.code = Code::kLimit;
  decision.rule = limit.rule;
  decision.enforced = limit.enforced;
  decision.sentence = "The limit of rule " + Quoted(limit.rule) +
                      " of policy " + Quoted(limit.policy) +
                      " is used up: " + std::to_string(limit.calls) +
                      (limit.calls == 1 ? " call" : " calls") + " per " +
                      DurationText(limit.per) + "; try again later.";
  return decision;
}

}  // namespace

Decision WithinLimits(Decision decision, Trail& trail, UtcTime now) {
  if (decision.effect != Effect::kAllow || decision.limits.empty()) {
    return decision;
  }
  const auto used = trail.CountLimits(UsesOf(decision, trail.identity(), now));
  if (!used.ok()) {
    Decision denied;
    denied.code = Code::kAuditUnavailable;
    denied.sentence = RowOf(Code::kAuditUnavailable).meaning;
    return denied;
  }
  if (!used.value().has_value()) return decision;
  const LimitKey limit = decision.limits[*used.value()];
  return UsedUp(std::move(decision), limit);
}

}  // namespace gatehouse
