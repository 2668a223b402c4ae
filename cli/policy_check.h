// SPDX-License-Identifier: Apache-2.0
#pragma once
// How `policy check` tells what it found: text for people, JSON, and SARIF
// 2.1.0 for code hosts.

#include <span>
#include <string>

#include "cli/policy_source.h"

namespace gatehouse::cli {

// What a warning is: under --strict, as bad as an error.
enum class Warnings { kAreErrors = 0, kAreShown };

// Whether it may be used.
bool IsOk(const LoadedPolicy& policy, Warnings warnings);

// Faults to standard error, "FILE: ok, N rules, HASH" to standard output.
void PrintPolicy(const LoadedPolicy& policy, Warnings warnings);

// An array with an object for each policy.
std::string PoliciesAsJson(std::span<const LoadedPolicy> policies,
                           Warnings warnings);

std::string PoliciesAsSarif(std::span<const LoadedPolicy> policies);

}  // namespace gatehouse::cli
