// SPDX-License-Identifier: Apache-2.0
#include "policy/pod_security.h"

#include <array>
#include <cstddef>

namespace gatehouse {
namespace {

// In the order of PodSecurity.
constexpr std::array<std::string_view, 5> kStandardNames = {
    "unknown", "none", "restricted", "baseline", "privileged"};
constexpr auto kFirstStandard =
    static_cast<std::size_t>(PodSecurity::kRestricted);

}  // namespace

std::string_view PodSecurityName(PodSecurity security) {
  return kStandardNames[static_cast<std::size_t>(security)];
}

std::optional<PodSecurity> PodStandardFromName(std::string_view name) {
  for (std::size_t i = kFirstStandard; i < kStandardNames.size(); ++i) {
    if (kStandardNames[i] == name) return static_cast<PodSecurity>(i);
  }
  return std::nullopt;
}

std::optional<PodsFrom> PodsFromName(std::string_view name) {
  if (name == "manifest") return PodsFrom::kManifest;
  if (name == "image") return PodsFrom::kImage;
  if (name == "none") return PodsFrom::kNowhere;
  return std::nullopt;
}

bool IsPodStandard(PodSecurity security) noexcept {
  return security >= PodSecurity::kRestricted;
}

}  // namespace gatehouse
