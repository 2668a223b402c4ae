// SPDX-License-Identifier: Apache-2.0
// A field without a mutant is a condition that `policy test --mutate` would
// never miss: the field table says which there are.
#include "policy/mutant.h"

#include <gtest/gtest.h>

#include <set>

#include "policy/field_table.h"
#include "policy_fixture.h"

namespace gatehouse::testing {
namespace {

constexpr std::string_view kEveryField =
    "  resources: pods\n  namespaces: a\n  names: n\n  contexts: c\n"
    "  servers: s\n  tools: t\n  methods: resources/read\n  uris: u\n"
    "  prompts: p\n  podSecurity: privileged\n"
    "  who: {users: u, groups: g, kubeUsers: k, clients: c}\n"
    "  when: {days: mon, zone: UTC}\n";

std::set<std::string> ChangesOf(const std::string& rules) {
  Issues issues;
  const std::vector<RuleFile> files = {
      ReadRules({"p.yaml", PolicyText("rules:\n" + rules)}, issues)};
  EXPECT_FALSE(issues.HasErrors()) << Rendered(issues);
  std::set<std::string> changes;
  ForEachMutant(files, [&](const Mutant& mutant) {
    EXPECT_TRUE(changes.insert(mutant.change).second) << mutant.change;
  });
  return changes;
}

std::string Indented(std::string_view fields) {
  std::string text;
  std::stringstream lines{std::string(fields)};
  for (std::string line; std::getline(lines, line);) {
    text += "  " + line + "\n";
  }
  return text;
}

TEST(Mutant, LeavesOutEveryMatchFieldOfTheTable) {
  const auto changes =
      ChangesOf("- id: a\n  deny: get\n" + std::string(kEveryField) +
                "  unless:\n" + Indented(kEveryField));
  for (const FieldRow& row : MatchFieldRows()) {
    // A day or an hour less is another time, not a condition less.
    if (row.places.Has(FieldPlace::kWhen)) continue;
    const std::string name = (row.places.Has(FieldPlace::kWho) ? "who." : "") +
                             std::string(row.name);
    EXPECT_TRUE(changes.contains("without " + name)) << name;
    EXPECT_TRUE(changes.contains("unless without " + name)) << name;
  }
}

TEST(Mutant, LeavesNoExceptionWithoutAField) {
  EXPECT_EQ(ChangesOf("- id: a\n  allow: get\n  unless: {names: x}\n"),
            (std::set<std::string>{"allow made deny", "without unless"}));
  EXPECT_EQ(ChangesOf("- id: a\n  allow: get\n  unless: {who: {users: x}}\n"),
            (std::set<std::string>{"allow made deny", "without unless"}));
}

TEST(Mutant, TakesBackWhatWidensOrOnlyObserves) {
  EXPECT_EQ(ChangesOf("- id: a\n  allow: write\n  helm: true\n  reveal: true\n"
                      "  mode: observe\n"),
            (std::set<std::string>{"allow made deny", "observed made enforced",
                                   "without helm", "without reveal"}));
}

}  // namespace
}  // namespace gatehouse::testing
