// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether one compiled rule covers one request: true, false or unknown, and
// the field that says so. The three-valued matching of policy.md "Deciding" 6
// and the naming of sensitive resources. Decide and Explain share it; nothing
// here allocates or fails.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policy/compiled_policy.h"

namespace gatehouse {

enum class Field : std::uint8_t {
  kNone = 0,
  kVerbs,
  kResources,
  kNamespaces,
  kNames,
  kContexts,
  kServers,
  kTools,
  kMethods,
  kUris,
  kPrompts,
  kPodSecurity,
  kWho,
  kWhen,
  kUntil,
  kUnless,
  kSensitive,  // only the exact naming of a sensitive resource is missing
};
inline constexpr std::size_t kFieldCount = 17;
std::string_view FieldName(Field field);

// Whether a call is decided, or only whether one like it, with other values
// where the request says unknown, could be allowed (could_allow.h).
enum class Question : std::uint8_t { kDecide = 0, kCouldAllow };

// What a request is judged with. Borrowed.
struct CallFacts {
  const Classification& call;
  const Subject& subject;
  UtcTime time{};
  Question question = Question::kDecide;
};

// `field`: the first that is false, else the first that is unknown.
struct RuleMatch {
  Truth truth = Truth::kUnknown;
  Field field = Field::kNone;
};

RuleMatch MatchRule(const CompiledPolicy& policy, const CompiledRule& rule,
                    const Request& request, const CallFacts& facts) noexcept;

// Of a custom type, and so perhaps cluster-scoped.
bool IsScopeUnknown(const Request& request) noexcept;

// The Namespace object, which is cluster-scoped whatever a request says.
bool IsNamespaceObject(const Request& request) noexcept;

}  // namespace gatehouse
