// SPDX-License-Identifier: Apache-2.0
#include "policy/access_matrix.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse::testing {
namespace {

AccessSubject Asker() {
  AccessSubject who;
  who.subject = Someone();
  who.context = "dev";
  return who;
}

// "yes", "some", …; "(none)" where there is no such row.
std::string Cell(const std::vector<AccessRow>& rows, std::string_view resource,
                 Verb verb) {
  for (const AccessRow& row : rows) {
    if (row.resource != resource) continue;
    for (std::size_t i = 0; i < kObjectVerbs.size(); ++i) {
      if (kObjectVerbs[i] == verb) {
        return std::string(AccessName(row.answers[i]));
      }
    }
  }
  return "(none)";
}

TEST(AccessMatrix, TellsAllSomeAskAndNone) {
  const auto engine = Compile(
      "rules:\n- {id: look, allow: read}\n"
      "- {id: one, allow: delete, resources: configmaps, names: a}\n"
      "- {id: ask, ask: patch, resources: services}\n"
      "- {id: pods, allow: create, resources: pods}\n"
      "- {id: lax, deny: create, podSecurity: privileged}\n"
      "- {id: not, deny: get, resources: configmaps, names: b}\n"
      "- {id: shut, deny: any, resources: leases}\n"
      "- {id: mine, allow: any, resources: jobs, who: {users: ben}}\n");
  const auto rows = ObjectAccess(*engine, *Tables(), Asker(), "team");
  const struct {
    std::string_view resource;
    Verb verb;
    std::string_view access;
  } kRows[] = {
      {"pods", Verb::kList, "yes"},
      {"pods", Verb::kDelete, "no"},
      {"configmaps", Verb::kDelete, "some"},
      {"configmaps", Verb::kGet, "some"},
      {"services", Verb::kPatch, "ask"},
      {"pods", Verb::kCreate, "some"},
      {"leases", Verb::kGet, "no"},
      {"jobs", Verb::kDelete, "no"},
      {"secrets", Verb::kGet, "no"},
      {"nodes", Verb::kList, "yes"},
      {"pods/log", Verb::kGet, "yes"},
      {"pods/log", Verb::kList, ""},
      {"pods.metrics.k8s.io", Verb::kList, "yes"},
      {"podz", Verb::kList, "(none)"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(Cell(rows, row.resource, row.verb), row.access)
        << row.resource << " " << VerbName(row.verb);
  }
}

TEST(AccessMatrix, KeepsToFencesAndProtection) {
  const auto engine = Compile(
      "scope: {namespaces: [team, kube-system]}\n"
      "rules:\n- {id: all, allow: [read, delete]}\n");
  const auto cell = [&](const std::string& place, Verb verb) {
    return Cell(ObjectAccess(*engine, *Tables(), Asker(), place), "pods", verb);
  };
  EXPECT_EQ(cell("team", Verb::kDelete), "yes");
  EXPECT_EQ(cell("kube-system", Verb::kDelete), "no");
  EXPECT_EQ(cell("kube-system", Verb::kGet), "yes");
  EXPECT_EQ(cell("other", Verb::kGet), "no");
  EXPECT_EQ(cell("*", Verb::kList), "no");
}

TEST(AccessMatrix, TellsOfTheVerbsBeyondObjects) {
  const auto engine = Compile(
      "rules:\n- {id: run, allow: exec, resources: pods/exec}\n"
      "- {id: look, allow: discover}\n");
  std::string yes;
  for (const VerbAccess& answer : FurtherAccess(*engine, Asker(), "team")) {
    if (answer.access == Access::kYes) {
      yes += std::string(VerbName(answer.verb)) + " ";
    }
  }
  EXPECT_EQ(yes, "exec discover ");
}

}  // namespace
}  // namespace gatehouse::testing
