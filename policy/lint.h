// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is right and still worth a second look, as warnings: of the outermost
// file's own rules, beside all that the policy holds. Decides nothing.
//
// To add a warning, touch: Lint here, its row in lint.cc, its check there or in
// the part of lint_finding.h that looks at such words, tests/golden/lint/ (one
// case for each).

#include <cstdint>
#include <span>
#include <string_view>

#include "policy/compiled_policy.h"
#include "policy/rule.h"

namespace gatehouse {

enum class Lint : std::uint8_t {
  kBeaten = 0,
  kRedundant,
  kPodsWithoutLog,
  kMatchesNothing,
  kWideWrite,
  kExpired,
  kSensitiveGrant,
  kFencedOut,
  kWritableByOthers,
  kClusterWrite,
  kProtected,
  kAskUnavailable,
};
inline constexpr std::size_t kLintCount = 12;

struct LintRow {
  Lint lint;
  std::string_view code;     // "W003": stable
  std::string_view slug;     // "pods-without-log"
  std::string_view meaning;  // one sentence
};
std::span<const LintRow> AllLints();

// `file`: the outermost, whose rules come first in `policy`.
void LintPolicy(const CompiledPolicy& policy, const RuleFile& file, UtcTime now,
                Issues& issues);

// A policy file that others than its owner could change.
void LintWritable(const SourceText& source, Issues& issues);

}  // namespace gatehouse
