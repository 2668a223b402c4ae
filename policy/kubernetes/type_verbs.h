// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which of the API's verbs a resource type and a subresource have. What runs
// code is a verb of its own here (exec, forward), whatever the API calls it.

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "policy/kubernetes/tables.h"
#include "policy/request.h"

namespace gatehouse {

inline constexpr std::array kObjectVerbs = {
    Verb::kGet,    Verb::kList,  Verb::kWatch,  Verb::kCreate,
    Verb::kUpdate, Verb::kPatch, Verb::kDelete, Verb::kDeleteCollection};

std::vector<Verb> VerbsOf(const ResourceType& type);

// Empty where they are not known: the proxies, and what runs code.
std::span<const Verb> VerbsOfSubresource(std::string_view name);

}  // namespace gatehouse
