// SPDX-License-Identifier: Apache-2.0
#include "policy/case_runner.h"

#include <set>
#include <utility>

namespace gatehouse {
namespace {

std::string Brackets(std::string_view what, std::string_view value) {
  return " [" + std::string(what) + " " + std::string(value) + "]";
}

std::string_view RevealsText(bool reveals) {
  return reveals ? " [reveals]" : " [masked]";
}

std::string Wanted(const Expectation& expect) {
  std::string text(expect.decision ? EffectName(*expect.decision) : "any");
  if (expect.rule) {
    text +=
        expect.rule->empty() ? " by no rule" : Brackets("rule", *expect.rule);
  }
  if (expect.code) text += Brackets("code", CodeName(*expect.code));
  if (expect.observed)
    text += Brackets("observed", EffectName(*expect.observed));
  if (expect.reveals) text += RevealsText(*expect.reveals);
  return text;
}

std::string Got(const Decision& decision) {
  std::string text(EffectName(decision.effect));
  if (!decision.rule.empty()) text += Brackets("rule", decision.rule);
  text += Brackets("code", CodeName(decision.code));
  if (decision.observed) {
    text += Brackets("observed", EffectName(decision.observed->first));
  }
  if (decision.reveals) text += RevealsText(true);
  return text;
}

bool Meets(const Decision& decision, const Expectation& expect) {
  const Effect observed =
      decision.observed ? decision.observed->first : decision.effect;
  return decision.effect == expect.decision.value_or(decision.effect) &&
         decision.code == expect.code.value_or(decision.code) &&
         decision.rule == expect.rule.value_or(decision.rule) &&
         observed == expect.observed.value_or(observed) &&
         decision.reveals == expect.reveals.value_or(decision.reveals);
}

CaseResult RunCase(const PolicyCase& asked, const CaseJudge& judge) {
  CaseResult result;
  result.asked = &asked;
  Result<Trace> trace = judge(asked);
  if (!trace.ok()) {
    result.error = trace.error().sentence;
    return result;
  }
  result.trace = std::move(trace).value();
  const Decision& decision = result.trace.decision;
  result.got = Got(decision);
  if (!Meets(decision, asked.expect)) result.wanted = Wanted(asked.expect);
  return result;
}

}  // namespace

std::vector<CaseResult> RunCases(const CaseFile& file, const CaseJudge& judge) {
  std::vector<CaseResult> results;
  for (const PolicyCase& asked : file.cases) {
    results.push_back(RunCase(asked, judge));
  }
  return results;
}

bool AllPass(const CaseFile& file, const CaseJudge& judge) {
  for (const PolicyCase& asked : file.cases) {
    if (!RunCase(asked, judge).passed()) return false;
  }
  return true;
}

std::vector<RuleSource> UncoveredRules(const std::vector<RuleSource>& rules,
                                       const std::vector<CaseResult>& results) {
  std::set<std::string> deciding;
  for (const CaseResult& result : results) {
    const Decision& decision = result.trace.decision;
    if (decision.observed) deciding.insert(decision.observed->second);
    for (const RequestTrace& request : result.trace.requests) {
      deciding.insert(request.decision.rule);
    }
  }
  std::vector<RuleSource> uncovered;
  for (const RuleSource& rule : rules) {
    if (deciding.count(rule.id) == 0) uncovered.push_back(rule);
  }
  return uncovered;
}

}  // namespace gatehouse
