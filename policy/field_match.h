// SPDX-License-Identifier: Apache-2.0
#pragma once
// How each match field of a rule, or of its `unless`, meets a request: one row
// a field. Inside of rule_match; allocates nothing and cannot fail.

#include <span>
#include <string_view>

#include "policy/compiled_policy.h"
#include "policy/rule_match.h"

namespace gatehouse {

// What a match is for. A request over all namespaces or without a name covers
// some objects that a pattern means and others that it does not: a grant must
// cover all of it, a hold (deny, ask) any of it, an exception cannot tell.
enum class Reading : std::uint8_t { kGrant = 0, kHold, kException };

// A field that is omitted is true.
struct FieldTest {
  Field field;
  Truth (*meets)(const CompiledMatch& match, const Request& request,
                 const CallFacts& facts, Reading reading) noexcept;
};

// All match fields but resources, which belong together with verbs.
std::span<const FieldTest> FieldTests() noexcept;

// A match that names tools only means nothing but tool calls; one that names
// methods, URIs or prompts only, none. One that names neither means both.
bool MeansToolCalls(const CompiledMatch& match) noexcept;
bool MeansMethods(const CompiledMatch& match) noexcept;

// Bit i: the match gives what row i looks at. For CompiledMatch::given.
FieldSet FieldsGiven(const CompiledMatch& match) noexcept;

}  // namespace gatehouse
