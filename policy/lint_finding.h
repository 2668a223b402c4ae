// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the parts of lint hand to each other: the rule that is looked at, and
// what was found of it. Inside of lint only.

#include <string>
#include <vector>

#include "policy/compiled_policy.h"
#include "policy/lint.h"
#include "policy/rule.h"

namespace gatehouse {

// A rule as it was written and as it was compiled, beside its whole policy.
// Borrows all four.
struct LintedRule {
  const CompiledPolicy& policy;
  const RuleFile& file;
  const Rule& written;
  const CompiledRule& rule;
};

struct LintFinding {
  Lint lint;
  Position position;
  std::string message;
};
using LintFindings = std::vector<LintFinding>;

// Verbs that none of the rule's resources has, resources that an allow would
// have to name exactly, and a `helm` that the verbs make idle.
void LintVerbs(const LintedRule& linted, LintFindings& findings);

// Namespaces that cannot be, or that the rule's resources, the scope or
// `protect` leave nothing of.
void LintPlaces(const LintedRule& linted, LintFindings& findings);
// The same of the file's own `scope` and `protect`.
void LintFilePlaces(const RuleFile& file, LintFindings& findings);

// Servers that no profile is of, tools that no such server has, methods that
// no rule decides, and targets that no method has.
void LintMessages(const LintedRule& linted, LintFindings& findings);

}  // namespace gatehouse
