// SPDX-License-Identifier: Apache-2.0
// Golden: tests/golden/policy/NAME.yaml is read and compiled, and all its
// faults are NAME.expected. Each fault code has a case.
#include "policy/rule_reader.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "policy/fault.h"
#include "policy_fixture.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

using testing::FileText;

const fs::path kFolder = fs::path(GATEHOUSE_SOURCE_DIR) / "tests/golden/policy";

std::vector<fs::path> Cases() {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".yaml") cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

// `extends: [self]` loads the file itself; NAME.system is the system policy.
std::string FaultsOf(const fs::path& path) {
  const SourceText source{path.filename().string(), FileText(path)};
  Issues issues;
  const LoadExtended load = [&](std::string_view name, std::string_view from) {
    return name == "self" ? Result<SourceText>(source)
                          : testing::LoadPreset(name, from);
  };
  const auto files = ResolveExtends(ReadRules(source, issues), load, issues);
  CompileOptions options = testing::InDev();
  fs::path system = path;
  system.replace_extension(".system");
  if (fs::exists(system)) {
    options.system = {
        ReadRules({system.filename().string(), FileText(system)}, issues)};
  }
  const auto engine = CompileRules(files, testing::Tables(), options, issues);
  issues.Sort();
  EXPECT_EQ(engine == nullptr, issues.HasErrors()) << path;
  return testing::Rendered(issues);
}

TEST(RuleReader, ReportsEachFaultInItsPlace) {
  for (const fs::path& path : Cases()) {
    fs::path expected = path;
    expected.replace_extension(".expected");
    const std::string found = FaultsOf(path);
    if (std::getenv("GATEHOUSE_ACCEPT") != nullptr) {
      std::ofstream(expected, std::ios::binary) << found;
    }
    EXPECT_EQ(found, FileText(expected))
        << path << " gives\n"
        << found << "\nto accept: GATEHOUSE_ACCEPT=1, then read the diff";
  }
}

TEST(RuleReader, EveryFaultHasACase) {
  std::string all;
  for (const fs::path& path : Cases()) all += FaultsOf(path);
  for (const FaultRow& row : AllFaults()) {
    EXPECT_NE(all.find("[" + std::string(row.code) + "]"), std::string::npos)
        << row.code << " " << row.slug;
  }
}

TEST(RuleReader, ReadsAWholePolicy) {
  Issues issues;
  const RuleFile file = ReadRules(
      {"p.yaml",
       "apiVersion: gatehouse/v1\nkind: Policy\nname: team\n"
       "description: What the team may do.\nmode: observe\n"
       "extends: [read-only]\n"
       "scope: {contexts: 'dev-*', namespaces: [a, '']}\nprotect: []\n"
       "rules:\n  - id: one\n    allow: [get, list]\n    resources: pods\n"
       "    who: {users: ana}\n    unless: {names: 'x*'}\n"
       "    mode: observe\n    reason: Because.\n"},
      issues);
  EXPECT_EQ(testing::Rendered(issues), "");
  EXPECT_EQ(file.name, "team");
  EXPECT_EQ(file.mode, Mode::kObserve);
  EXPECT_EQ(file.extends.at(0).text, "read-only");
  EXPECT_EQ(file.scope.namespaces->size(), 2u);
  EXPECT_TRUE(file.protect->empty());
  const Rule& rule = file.rules.at(0);
  EXPECT_EQ(rule.effect, Effect::kAllow);
  EXPECT_EQ(rule.verbs.at(1).text, "list");
  EXPECT_EQ(rule.verbs.at(1).position.line, 11);
  EXPECT_EQ(rule.match.who->users->at(0).text, "ana");
  EXPECT_EQ(rule.unless->names->at(0).text, "x*");
  EXPECT_TRUE(rule.observe);
  EXPECT_EQ(rule.reason, "Because.");
}

}  // namespace
}  // namespace gatehouse
