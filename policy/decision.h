// SPDX-License-Identifier: Apache-2.0
#pragma once
// Policy's answer, and the one table of reason codes. Every refusal that
// Gatehouse gives, by a rule or by the guard itself, bears one of these codes;
// they are a contract (cli.md): added to, never renamed.
//
// To add a code, touch: Code here, its row in decision.cc (a static_assert
// counts them), CHANGELOG.md.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse {

enum class Effect : std::uint8_t { kDeny = 0, kAsk, kAllow };
std::string_view EffectName(Effect effect);  // "deny", "ask", "allow"

enum class Code : std::uint8_t {
  kNoPolicy = 0,  // the zero value denies
  kAllowed,       // printed as "allowed"; only beside Effect::kAllow
  kDeniedByRule,
  kNoRule,
  kOutsideScope,
  kProtected,
  kUnclear,
  kUnknownTool,
  kSensitive,
  kContext,
  kLimit,
  kApprovalTimeout,
  kApprovalRefused,
  kApprovalUnavailable,
  kAuditUnavailable,
  kMalformed,
  kDuplicateKey,
  kTooLarge,
  kTooDeep,
  kBatch,
  kDrift,
  kUnknownMethod,
  kNotInFlight,
  kClock,
  kServerDied,
  kServerBusy,
  kResultTooLarge,
};
inline constexpr std::size_t kCodeCount = 27;

struct CodeRow {
  Code code;
  std::string_view slug;     // "denied-by-rule": the stable name
  std::string_view meaning;  // one sentence
  std::string_view hint;     // what to do about it, one sentence
};
const CodeRow& RowOf(Code code);
std::string_view CodeName(Code code);
std::optional<Code> CodeFromName(std::string_view slug);
std::span<const CodeRow> AllCodes();

// Calls that a rule counts: the gate checks them inside the record's
// transaction, since Decide has no state.
struct LimitKey {
  std::string policy;
  std::string rule;
  std::int64_t calls = 0;
  std::chrono::seconds per{0};
  bool enforced = true;  // false where its policy observes

  friend bool operator==(const LimitKey&, const LimitKey&) = default;
};

// What the engine says of one call. A default-made one is a deny.
struct Decision {
  Effect effect = Effect::kDeny;
  Code code = Code::kNoPolicy;
  std::string rule;         // id of the deciding rule; "" where none did
  std::string sentence;     // for the person and the model: what and why
  std::size_t request = 0;  // index of the request that decided
  // Of the rules that let the requests through: for allow and ask only.
  std::vector<LimitKey> limits;
  // False where mode observe lets the call through all the same.
  bool enforced = true;
  // Every request that brings secrets (policy/secret_origin.h) is let through
  // by a rule with `reveal: true`: the answer comes back unmasked.
  bool reveals = false;
  // What the call's rules in `mode: observe` would have made of it, where
  // that differs: effect and rule id.
  std::optional<std::pair<Effect, std::string>> observed;

  // Whether the call may go on to the server: allowed, or merely observed.
  bool Passes() const { return effect == Effect::kAllow || !enforced; }
};

}  // namespace gatehouse
