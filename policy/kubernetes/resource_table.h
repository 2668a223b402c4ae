// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads rules/kubernetes/resources.yaml and sensitive.yaml into the rows that
// tables.h keeps. Parsing only; looking up is the tables' own business.

#include <vector>

#include "policy/issue.h"
#include "policy/kubernetes/tables.h"

namespace gatehouse {

// One row per group, kind and version; the first version of a kind is what a
// bare word stands for. Faults are added to `issues`; then the rows must not
// be used.
std::vector<ResourceType> ReadResourceTable(const SourceText& source,
                                            Issues& issues);

// "pods/exec" with its group, each with the verbs it guards.
std::vector<SensitiveEntry> ReadSensitive(const SourceText& source,
                                          Issues& issues);

}  // namespace gatehouse
