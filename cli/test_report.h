// SPDX-License-Identifier: Apache-2.0
#pragma once
// How `policy test` tells what it found: text for people, JSON for scripts,
// JUnit's XML for the test views of code hosts.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/case_runner.h"

namespace gatehouse::cli {

struct UnnoticedMutant {
  std::string change;
  RuleSource rule;
};

// One file of cases, run.
struct TestReport {
  CaseFile cases;
  std::string policy;  // where it came from
  std::string hash;
  std::size_t rules = 0;
  std::vector<CaseResult> results;  // borrow from `cases`
  // Set where they were asked for.
  std::optional<std::vector<RuleSource>> uncovered;
  std::optional<std::vector<UnnoticedMutant>> unnoticed;
  std::size_t mutants = 0;  // that compiled and were tried

  std::size_t failed() const;
  // Every case passed, and nothing that was asked for is left open.
  bool clean() const;
};

std::string TestsAsText(std::span<const TestReport> reports);
std::string TestsAsJson(std::span<const TestReport> reports);
std::string TestsAsJunit(std::span<const TestReport> reports);

}  // namespace gatehouse::cli
