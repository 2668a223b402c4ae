// SPDX-License-Identifier: Apache-2.0
#pragma once
// One policy file as it was written: words with their positions, nothing
// resolved. Made by rule_reader, consumed by rule_compiler, which alone knows
// what the words mean. Plain values; decides nothing.
//
// To add a match field, touch:
//   rule.h             a member of MatchFields
//   match_fields.cc    its row: where it stands, its shape, its reader (a field
//                      of the rule alone: rule_fields.cc; of the document:
//                      file_fields.cc; what fields mean together:
//                      rule_checks.cc)
//   compiled_policy.h  its compiled form in CompiledMatch
//   word_compiler.cc   from words to that form
//   field_match.cc     its row: how a request meets it, three-valued, and its
//                      name in rule_match.cc
//   rules/README.md  its line in the table of fields
//   tests            a row in engine_test.cc, a golden case for each new fault

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/decision.h"
#include "policy/engine.h"
#include "policy/issue.h"
#include "policy/session_settings.h"
#include "policy/time_window.h"

namespace gatehouse {

// One scalar of the file.
struct Word {
  std::string text;
  Position position;
};
using Words = std::vector<Word>;

// `who:`. Every list that is given must match.
struct WhoFields {
  Position position;
  std::optional<Words> users;
  std::optional<Words> groups;
  std::optional<Words> kube_users;
  std::optional<Words> clients;
};

// `when:`. The zone's data is not looked for before the policy is compiled.
struct WhenFields {
  Position position;
  Weekdays days = Weekdays().set();
  std::vector<HourRange> hours;  // empty: all day
  Word zone;
};

// `limit:`, per user of the operating system and rule.
struct CallLimit {
  std::int64_t calls = 0;
  std::chrono::seconds per{0};
};

// What `unless` and a rule itself have in common. An omitted field is true.
struct MatchFields {
  std::optional<Words> resources;
  std::optional<Words> namespaces;
  std::optional<Words> names;
  std::optional<Words> contexts;
  std::optional<Words> servers;
  // What is asked for. A rule that gives `tools` covers tool calls; one that
  // gives any of the others covers MCP's other methods; one that gives none of
  // the four covers both.
  std::optional<Words> tools;
  std::optional<Words> methods;
  std::optional<Words> uris;
  std::optional<Words> prompts;
  std::optional<Words> pod_security;
  std::optional<WhoFields> who;
  std::optional<WhenFields> when;
};

struct Rule {
  std::string id;
  Position position;  // of the id, or of the rule where it has none
  Effect effect = Effect::kDeny;
  Words verbs;  // verbs and groups
  MatchFields match;
  std::optional<MatchFields> unless;
  bool observe = false;
  bool helm = false;
  bool reveal = false;
  std::optional<std::chrono::sys_seconds> until;  // and not at it
  bool expiry_opens = false;  // a deny that may end by itself
  std::optional<CallLimit> limit;
  std::optional<std::chrono::seconds> timeout;  // of an ask
  std::string reason;
};

struct ScopeFields {
  std::optional<Words> contexts;
  std::optional<Words> namespaces;
};

// `lock:`, of a system policy: what a user may not have otherwise.
struct LockFields {
  Position position;
  bool enforce = false;          // mode: enforce
  bool full_durability = false;  // durability: full
  bool confine = false;          // confine: true
};

// A whole file. Owns its text, so that the compiler can point into it.
struct RuleFile {
  SourceText source;
  std::string name;
  std::string description;
  std::optional<Mode> mode;
  Words extends;
  ScopeFields scope;
  std::optional<Words> protect;
  bool dry_run_reads = false;  // dryRun: read
  Words server_settings;       // of the wrapped server, allowed by name
  std::optional<LockFields> lock;
  Position mode_position;   // of `mode`'s value
  bool pin_strict = false;  // pin: strict
  // The document's own; nothing said: as shipped.
  Words secret_keys;                     // redaction: keys
  Words formats;                         // redaction: formats
  std::optional<TextControls> controls;  // text: controls
  FeatureSettings client_features;
  Words require;  // settings that a file outside this one, or --set, must give
  std::vector<Rule> rules;
};

}  // namespace gatehouse
