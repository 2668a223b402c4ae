// SPDX-License-Identifier: Apache-2.0
#pragma once
// Kubernetes' own namespaces: protected unless a policy says otherwise
// (policy.md, `protect`).

#include <array>
#include <string_view>

namespace gatehouse {

inline constexpr std::array<std::string_view, 3> kProtectedByDefault = {
    "kube-system", "kube-public", "kube-node-lease"};

}  // namespace gatehouse
