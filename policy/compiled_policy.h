// SPDX-License-Identifier: Apache-2.0
#pragma once
// What rule_compiler makes and engine reads: rules with their words resolved,
// the fence, and an index by verb and resource. Plain immutable data; owns
// everything, the resource tables shared.

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/engine.h"
#include "policy/kubernetes/tables.h"
#include "policy/matcher.h"
#include "policy/place_index.h"
#include "policy/request.h"
#include "policy/rule.h"
#include "policy/time_window.h"

namespace gatehouse {

// A set of verbs, one bit each.
using VerbSet = std::uint32_t;
static_assert(kVerbCount <= 32);
constexpr VerbSet SetOf(Verb verb) {
  return VerbSet{1} << static_cast<unsigned>(verb);
}
constexpr bool Contains(VerbSet set, Verb verb) {
  return (set & SetOf(verb)) != 0;
}

// What changing a release may do: an allow with `helm: true` must cover all of
// it.
inline constexpr VerbSet kHelmChanges =
    SetOf(Verb::kCreate) | SetOf(Verb::kUpdate) | SetOf(Verb::kPatch) |
    SetOf(Verb::kDelete);
// A set of pod security standards, one bit each.
using PodSecuritySet = std::uint32_t;
constexpr PodSecuritySet SetOf(PodSecurity security) {
  return PodSecuritySet{1} << static_cast<unsigned>(security);
}

enum class SubresourceMatch : std::uint8_t {
  kNone = 0,  // "pods": the resource itself
  kPattern,   // "pods/log", "pods/*"
  kEvery,     // "*": the resource and everything below it
};

// One resource word. `exact` words name: no wildcard and no category.
struct ResourcePattern {
  Pattern resource;
  std::optional<Pattern> group;  // nullopt: in every group
  SubresourceMatch subresource_match = SubresourceMatch::kNone;
  Pattern subresource;
  bool exact = false;
  bool built_in = false;  // it stands for types of the resource table only
  // Verbs that the word adds for itself: `create` on pods/exec is `exec`.
  VerbSet extra_verbs = 0;
};

// `""` in a list of namespaces is kept apart, as it is no namespace.
struct NamespacePatterns {
  Patterns patterns;
  bool cluster_scope = false;
};

struct CompiledWho {
  std::optional<Patterns> users;
  std::optional<Patterns> groups;
  std::optional<Patterns> kube_users;
  std::optional<Patterns> clients;
};

// Of the rows of field_match.cc, those that a match gives; a row that it does
// not give is true.
using FieldSet = std::uint16_t;

struct CompiledMatch {
  FieldSet given = static_cast<FieldSet>(~0u);  // all: each is looked at
  std::optional<std::vector<ResourcePattern>> resources;
  std::optional<NamespacePatterns> namespaces;
  std::optional<Patterns> names;
  std::optional<Patterns> contexts;
  std::optional<Patterns> servers;
  std::optional<Patterns> tools;
  std::optional<Patterns> methods;
  std::optional<Patterns> uris;
  std::optional<Patterns> prompts;
  std::optional<PodSecuritySet> pod_security;
  std::optional<CompiledWho> who;
  std::optional<TimeWindow> when;
};

struct CompiledRule {
  RuleSource source;
  Effect effect = Effect::kDeny;
  bool observe = false;
  bool helm = false;    // covers what helm touches unseen; never of a deny
  bool reveal = false;  // what it lets through comes back unmasked
  VerbSet verbs = 0;
  // Of `verbs`, those that were written out and not by a group: naming `exec`
  // names the subresource.
  VerbSet named_verbs = 0;
  CompiledMatch match;
  std::optional<CompiledMatch> unless;
  std::optional<std::chrono::sys_seconds> until;
  std::optional<CallLimit> limit;
  std::chrono::seconds timeout{120};  // of an ask
  std::string reason;
};

// Indices into CompiledPolicy::rules, denies before asks before allows.
using RuleList = std::vector<std::uint32_t>;

// The rules that can match one verb and, but for `every`, one resource.
struct IndexedRules {
  RuleList all;
  PlaceIndex places;  // of the same rules
};
struct VerbIndex {
  RuleList every;        // for a request whose resource is unknown
  IndexedRules generic;  // those not bound to certain resources
  // Generic ones included; sorted by resource.
  std::vector<std::pair<std::string, IndexedRules>> by_resource;
};

// One for each verb; verbs that the same rules cover share theirs.
struct VerbIndexes {
  const VerbIndex& Of(Verb verb) const noexcept {
    return indexes[of_verb[static_cast<std::size_t>(verb)]];
  }
  std::array<std::uint8_t, kVerbCount> of_verb{};
  std::vector<VerbIndex> indexes = std::vector<VerbIndex>(1);
};

struct CompiledPolicy {
  std::string name;
  std::string hash;
  std::string text;
  Mode mode = Mode::kEnforce;
  std::vector<CompiledRule> rules;  // in file order, outermost file first
  bool has_observed_rules = false;
  bool has_limits = false;
  bool reads_clock = false;  // some rule depends on the time
  bool dry_run_reads = false;
  bool pin_strict = false;
  bool has_reveals = false;
  // Of all files; `controls` where any file says so.
  SessionSettings settings;
  std::optional<TextControls> controls;
  // A request must be inside each of these.
  std::vector<Patterns> context_fences;
  std::vector<NamespacePatterns> namespace_fences;
  Patterns protect;
  std::vector<std::string> server_settings;
  VerbIndexes index;
  std::shared_ptr<const KubernetesTables> tables;
};

}  // namespace gatehouse
