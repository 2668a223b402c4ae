// SPDX-License-Identifier: Apache-2.0
// A system policy beside a user's: the stricter stands, and nothing that a user
// says reaches the system's.
#include "policy/layers.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Brief;
using testing::Call;
using testing::Decide;
using testing::InDev;
using testing::PolicyText;

// "NAME" of the policy is "test" for the user's and "base" for the system's.
std::shared_ptr<const Engine> Layered(std::string_view user,
                                      std::string_view system, Issues& issues,
                                      CompileOptions options = InDev()) {
  options.system =
      ResolveExtends(ReadRules({"system.yaml",
                                "apiVersion: gatehouse/v1\nkind: Policy\n"
                                "name: base\n" +
                                    std::string(system) + "\n"},
                               issues),
                     testing::LoadPreset, issues);
  return testing::CompileSource({"test.yaml", PolicyText(user)}, options,
                                issues);
}

std::shared_ptr<const Engine> Layered(std::string_view user,
                                      std::string_view system,
                                      const CompileOptions& options = InDev()) {
  Issues issues;
  auto engine = Layered(user, system, issues, options);
  EXPECT_NE(engine, nullptr) << testing::Rendered(issues);
  return engine;
}

constexpr std::string_view kAll = "protect: []\nrules: [{id: all, allow: any}]";
constexpr std::string_view kNoDeletes =
    "rules: [{id: most, allow: any}, {id: keep, deny: delete, "
    "reason: Nothing is deleted here.}, {id: look, ask: patch}]";

TEST(Layers, TheStricterStands) {
  const auto engine = Layered(kAll, kNoDeletes);
  EXPECT_EQ(Brief(Decide(*engine, Call("get pods dev/x"))), "allow by all");
  EXPECT_EQ(Brief(Decide(*engine, Call("patch pods dev/x"))),
            "ask by system/look");
  const Decision denied = Decide(*engine, Call("delete pods dev/x"));
  EXPECT_EQ(Brief(denied), "deny by system/keep (denied-by-rule)");
  EXPECT_NE(denied.sentence.find("Nothing is deleted here"), std::string::npos);
  const auto narrow =
      Layered("rules: [{id: r, allow: read, namespaces: dev}]", kNoDeletes);
  EXPECT_EQ(Brief(Decide(*narrow, Call("get pods prod/x"))), "deny (no-rule)");
  EXPECT_EQ(Brief(Decide(*narrow, Call("get pods dev/x"))), "allow by r");
}

TEST(Layers, ObservingLiftsOnlyTheUsersOwn) {
  CompileOptions options = InDev();
  options.mode = Mode::kObserve;
  const auto engine =
      Layered("rules: [{id: r, allow: get}]", kNoDeletes, options);
  EXPECT_EQ(engine->mode(), Mode::kObserve);
  EXPECT_TRUE(Decide(*engine, Call("list pods dev")).Passes());
  EXPECT_FALSE(Decide(*engine, Call("delete pods dev/x")).Passes());
  EXPECT_FALSE(Decide(*engine, Call("patch pods dev/x")).Passes());
  EXPECT_FALSE(
      WithoutApproval(Decide(*engine, Call("patch pods dev/x"))).Passes());
}

TEST(Layers, SettingsDoNotReachTheSystemsFence) {
  CompileOptions options = InDev();
  options.settings["scope.namespaces"] = {"prod", "dev"};
  const auto engine =
      Layered(kAll, "scope: {namespaces: [dev]}\nrules: [{id: r, allow: read}]",
              options);
  EXPECT_EQ(Brief(Decide(*engine, Call("get pods prod/x"))),
            "deny (outside-scope)");
  EXPECT_EQ(Brief(Decide(*engine, Call("get pods dev/x"))), "allow by all");
}

TEST(Layers, BothCountAndBothObserve) {
  const auto engine = Layered(
      "rules: [{id: r, allow: read, limit: {calls: 5, per: 1m}}, "
      "{id: o, deny: read, mode: observe}]",
      "rules: [{id: r, allow: read, limit: {calls: 9, per: 1h}}]");
  const Decision decision =
      testing::DecideAt(*engine, "2026-11-27T10:00:00Z", "get pods dev/x");
  ASSERT_EQ(decision.limits.size(), 2u);
  EXPECT_EQ(decision.limits[0].rule, "r");
  EXPECT_EQ(decision.limits[1].rule, "system/r");
  ASSERT_TRUE(decision.observed.has_value());
  EXPECT_EQ(decision.observed->second, "o");
}

TEST(Layers, TextAndExplainHoldBoth) {
  const auto engine = Layered(kAll, kNoDeletes);
  EXPECT_NE(engine->text().find("# system.yaml"), std::string::npos);
  EXPECT_NE(engine->hash(), testing::Compile(kAll)->hash());
  EXPECT_EQ(engine->rules().size(), 4u);
  const Trace trace =
      engine->Explain(Call("delete pods dev/x"), testing::Someone(), {});
  EXPECT_EQ(Brief(trace.decision), "deny by system/keep (denied-by-rule)");
  EXPECT_EQ(trace.requests.at(0).steps.size(), 4u);
  EXPECT_EQ(Brief(trace.requests.at(0).decision), Brief(trace.decision));
}

struct Fault {
  std::string_view user;
  std::string_view system;
  std::string_view code;
};

TEST(Layers, RefusesWhatStandsInTheWrongOneOrIsLocked) {
  const Fault rows[] = {
      {"lock: {mode: enforce}\nrules: [{id: a, allow: get}]", kNoDeletes,
       "P033"},
      {kAll, "mode: observe\nrules: [{id: a, allow: get}]", "P033"},
      {"mode: observe\nrules: [{id: a, allow: get}]",
       "lock: {mode: enforce}\nrules: [{id: a, allow: get}]", "P034"},
      {kAll, "lock: {mode: observe}\nrules: [{id: a, allow: get}]", "P015"},
      {kAll, "lock: {durability: normal}\nrules: [{id: a, allow: get}]",
       "P015"},
  };
  for (const Fault& row : rows) {
    Issues issues;
    EXPECT_EQ(Layered(row.user, row.system, issues), nullptr) << row.system;
    EXPECT_NE(testing::Rendered(issues).find(row.code), std::string::npos)
        << testing::Rendered(issues);
  }
  Issues issues;
  CompileOptions options = InDev();
  options.mode = Mode::kObserve;
  const std::string lock =
      "lock: {mode: enforce, durability: full, confine: true}\n" +
      std::string(kNoDeletes);
  EXPECT_EQ(Layered(kAll, lock, issues, options), nullptr);
  const auto engine = Layered(kAll, lock);
  EXPECT_TRUE(engine->locks().full_durability);
  EXPECT_TRUE(engine->locks().confine);
  EXPECT_FALSE(Layered(kAll, kNoDeletes)->locks().confine);
}

}  // namespace
}  // namespace gatehouse
