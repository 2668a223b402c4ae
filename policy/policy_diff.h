// SPDX-License-Identifier: Apache-2.0
#pragma once
// What changes from one policy to another: every kind of request that the two
// can tell apart (question_space.h) is asked of both, and the answers that
// differ are put together into few rows, each wider or narrower. Pure.

#include <array>
#include <set>
#include <string>
#include <vector>

#include "policy/compiled_policy.h"
#include "policy/question_space.h"
#include "policy/result.h"

namespace gatehouse {

enum class Direction : std::uint8_t {
  kWider = 0,
  kNarrower,
  kMixed,  // limits that cannot be compared: counts as wider
};
std::string_view DirectionName(Direction direction);

struct DiffRow {
  Direction direction = Direction::kWider;
  std::string was;  // "deny", "allow", "allow, 30 calls per 1m"
  std::string now;
  std::set<std::string> was_by;  // rules, and codes in parentheses
  std::set<std::string> now_by;
  // The requests that it is about: on each axis these classes; none: every
  // one that the resources have.
  std::array<std::vector<std::uint16_t>, kAxisCount> where;

  bool Covers(const Point& point) const;
};

// A field of the document, beside what its rules decide.
struct SettingChange {
  Direction direction = Direction::kWider;
  std::string what;  // "mode: enforce -> observe"
};

// The document's fields of two policies (setting_diff.cc).
std::vector<SettingChange> CompareSettings(const CompiledPolicy& was,
                                           const CompiledPolicy& now);

struct PolicyDiff {
  QuestionSpace space;
  std::vector<SettingChange> settings;
  std::vector<DiffRow> rows;

  bool IsEmpty() const { return settings.empty() && rows.empty(); }
  bool Widens() const;
};

// kTooLarge, where there are more kinds of requests than can be asked. The mode
// of a policy is a setting here: decisions are compared as if both were
// enforced.
Result<PolicyDiff> DiffPolicies(const CompiledPolicy& old_policy,
                                const CompiledPolicy& new_policy, UtcTime now);

}  // namespace gatehouse
