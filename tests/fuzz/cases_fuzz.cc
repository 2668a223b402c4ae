// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of cases. Every fault is shown with its place; what has
// none is cases that can be run: each is a call or requests, has a place in the
// file, and arguments that are one JSON object.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "policy/case_file.h"
#include "policy/json_value.h"

namespace {

using namespace gatehouse;  // NOLINT: one short file

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckCase(const PolicyCase& one) {
  Require(one.line > 0);
  Require(one.tool.empty() != one.requests.empty());
  if (one.tool.empty()) return;
  const auto arguments = ParseJson(one.arguments);
  Require(arguments.ok() && KindOf(arguments.value()) == JsonKind::kObject);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const SourceText source{
      "fuzz", std::string(reinterpret_cast<const char*>(data), size)};
  static const auto tables = KubernetesTables::Embedded();  // slow to make
  Issues issues;
  const CaseFile file = ReadCases(source, *tables, issues);
  for (const Issue& issue : issues.items()) Require(!Render(issue).empty());
  if (issues.HasErrors()) return 0;
  Require(!file.policy.empty());
  for (const PolicyCase& one : file.cases) CheckCase(one);
  return 0;
}
