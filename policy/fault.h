// SPDX-License-Identifier: Apache-2.0
#pragma once
// The closed set of faults that a rule file can have, each with its stable
// code ("P012"). Readers and the compiler name a fault, never a code; `policy
// check` and the documentation print the table. Codes are added to, never
// renamed or reused.
//
// To add a fault, touch: Fault here, its row in issue.cc (a static_assert
// counts them), tests/golden/policy/ (one case for each).

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse {

enum class Fault : std::uint8_t {
  kNotText = 0,
  kSyntax,
  kTooLarge,
  kDuplicateKey,
  kAlias,
  kMergeKey,
  kTag,
  kDirective,
  kDocumentMarker,
  kKeyNotPlain,
  kTab,
  kUnknownField,
  kMissingField,
  kWrongType,
  kBadValue,
  kBadId,
  kDuplicateId,
  kEffect,
  kUnknownVerb,
  kUnknownResource,
  kBadPattern,
  kEmpty,
  kNotYet,
  kUnclearNeedsTools,
  kUnprovenGround,
  kUnknownSetting,
  kSettingRequired,
  kExtendsUnknown,
  kExtendsCycle,
  kNotOneDocument,
  kUnknownZone,
  kWrongEffect,
  kWrongLayer,
  kLocked,
};
inline constexpr std::size_t kFaultCount = 34;

struct FaultRow {
  Fault fault;
  std::string_view code;     // "P012"
  std::string_view slug;     // "unknown-field"
  std::string_view meaning;  // one sentence
};
std::span<const FaultRow> AllFaults();
std::string_view FaultCode(Fault fault);

// `word` in quotation marks for a message: control bytes as "?", cut at 60
// bytes, since a file (or a manifest in an argument) may hold anything.
std::string Quoted(std::string_view word);

}  // namespace gatehouse
