// SPDX-License-Identifier: Apache-2.0
#include "policy/layers.h"

#include <utility>

namespace gatehouse {
namespace {

// Whether the system's decision is the one to give. Of two that refuse, what
// is enforced says more than what is observed, and what no change of the
// user's own policy would lift more than what one would.
bool SystemStands(const Decision& user, const Decision& system) {
  if (system.effect == Effect::kAllow) return false;
  return user.Passes() || system.effect <= user.effect;
}

std::pair<Effect, std::string> WithObserved(const Decision& decision) {
  return decision.observed.value_or(std::pair(decision.effect, decision.rule));
}

}  // namespace

Decision StricterOf(Decision user, Decision system) {
  const bool system_stands = SystemStands(user, system);
  Decision& stands = system_stands ? system : user;
  Decision& other = system_stands ? user : system;
  const auto a = WithObserved(stands);
  const auto b = WithObserved(other);
  const auto& stricter = b.first < a.first ? b : a;
  stands.observed.reset();
  if (stricter.first != stands.effect) stands.observed = stricter;
  stands.reveals = user.reveals && system.reveals;
  if (stands.effect != Effect::kDeny) {
    stands.limits.insert(stands.limits.end(), other.limits.begin(),
                         other.limits.end());
  }
  return std::move(stands);
}

}  // namespace gatehouse
