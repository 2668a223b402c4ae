// SPDX-License-Identifier: Apache-2.0
#pragma once
// What can be said of two rules or patterns whatever is asked: that one covers
// all of the other, or that they have nothing in common. For lint: a doubt is
// answered with "no".

#include "policy/compiled_policy.h"

namespace gatehouse {

// Whatever `b` matches, `a` matches.
bool Covers(const Pattern& a, const Pattern& b);
// The same of rules, their effects aside. A rule that may come to an end, has
// an exception or is only observed covers nothing.
bool Covers(const CompiledRule& a, const CompiledRule& b);

// Some value may match both.
bool Overlap(const Pattern& a, const Pattern& b);
bool Overlap(const NamespacePatterns& a, const NamespacePatterns& b);
bool Overlap(const Patterns& a, const Patterns& b);

}  // namespace gatehouse
