// SPDX-License-Identifier: Apache-2.0
#pragma once
// Holds what a policy says against what its cases expect, and says which rules
// no case ever makes decide. Pure: how a case is judged is given.

#include <functional>
#include <string>
#include <vector>

#include "policy/case_file.h"
#include "policy/result.h"

namespace gatehouse {

// The trace of a case's call by the policy under test; an error where the case
// cannot be judged (its server has no profile).
using CaseJudge = std::function<Result<Trace>(const PolicyCase&)>;

struct CaseResult {
  const PolicyCase* asked = nullptr;  // borrowed from the file
  Trace trace;
  std::string error;   // why it could not be judged
  std::string wanted;  // "deny [code outside-scope]"; "" where it passed
  std::string got;

  bool passed() const { return error.empty() && wanted.empty(); }
};

// In the order of the file, which outlives the results.
std::vector<CaseResult> RunCases(const CaseFile& file, const CaseJudge& judge);

// As RunCases, but stops at the first that does not pass.
bool AllPass(const CaseFile& file, const CaseJudge& judge);

// The rules that decide no request of any case.
std::vector<RuleSource> UncoveredRules(const std::vector<RuleSource>& rules,
                                       const std::vector<CaseResult>& results);

}  // namespace gatehouse
