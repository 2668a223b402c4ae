// SPDX-License-Identifier: Apache-2.0
#pragma once
// What can be said of two rules or patterns whatever is asked: that one covers
// all of the other, or that they have nothing in common. For lint: a doubt is
// answered with "no".

#include "policy/compiled_policy.h"

namespace gatehouse {

// Whatever `b` matches, `a` matches.
bool Covers(const Pattern& a, const Pattern& b);
// The same of what two rules, or a rule and its exception, are about. What
// holds at times, of some users or of some pods only covers nothing.
bool Covers(const CompiledMatch& a, const CompiledMatch& b);
// The same of rules. A rule that may come to an end, has an exception or is
// only observed covers nothing. Which of them names what is sensitive, as an
// allow or ask must, is the caller's to look at.
bool Covers(const CompiledRule& a, const CompiledRule& b);

// Those that its words add included: `create` on pods/exec is `exec`.
VerbSet VerbsOf(const CompiledRule& rule);

// Some value may match both.
bool Overlap(const Pattern& a, const Pattern& b);
bool Overlap(const NamespacePatterns& a, const NamespacePatterns& b);
bool Overlap(const Patterns& a, const Patterns& b);

}  // namespace gatehouse
