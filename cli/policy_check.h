// SPDX-License-Identifier: Apache-2.0
#pragma once
// How `policy check` tells what it found: text for people, JSON, and SARIF
// 2.1.0 for code hosts.

#include <span>
#include <string>

#include "cli/policy_source.h"

namespace gatehouse::cli {

// Faults to standard error, "FILE: ok, N rules, HASH" to standard output.
void PrintPolicy(const LoadedPolicy& policy);

// An array with an object for each policy.
std::string PoliciesAsJson(std::span<const LoadedPolicy> policies);

std::string PoliciesAsSarif(std::span<const LoadedPolicy> policies);

}  // namespace gatehouse::cli
