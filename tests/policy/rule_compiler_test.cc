// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_compiler.h"

#include <gtest/gtest.h>

#include <random>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Asked;
using testing::Brief;
using testing::Call;
using testing::Compile;
using testing::Decide;
using testing::InDev;
using testing::PolicyText;

std::shared_ptr<const Engine> Preset(std::string_view name,
                                     const CompileOptions& options,
                                     Issues& issues) {
  return testing::CompileSource(testing::LoadPreset(name, "").value(), options,
                                issues);
}

std::shared_ptr<const Engine> Preset(std::string_view name,
                                     const CompileOptions& options = InDev()) {
  Issues issues;
  auto engine = Preset(name, options, issues);
  EXPECT_NE(engine, nullptr) << testing::Rendered(issues);
  return engine;
}

struct Row {
  std::string_view request;
  std::string_view expected;
};

TEST(Presets, ReadOnlyReadsTheOrdinaryAndNothingElse) {
  const Row rows[] = {
      {"list pods *", "allow by read-ordinary"},
      {"list pods kube-system", "allow by read-ordinary"},
      {"get deployments.apps dev/web", "allow by read-ordinary"},
      {"get pods/log dev/web", "allow by read-ordinary"},
      {"list events dev", "allow by read-ordinary"},
      {"watch pods dev", "allow by read-ordinary"},
      {"get deployments.apps/status dev/web", "allow by read-ordinary"},
      {"list certificates.cert-manager.io *", "allow by read-ordinary"},
      {"list nodes -", "allow by read-ordinary"},
      {"list clusterroles.rbac.authorization.k8s.io -",
       "allow by read-ordinary"},
      {"discover  -", "allow by read-ordinary"},
      {"none  -", "allow by read-ordinary"},
      {"get secrets dev/db", "deny (sensitive)"},
      {"list secrets *", "deny (sensitive)"},
      {"get nodes/proxy -/n1", "deny (sensitive)"},
      {"get services/proxy dev/web", "deny (sensitive)"},
      {"create pods dev/web", "deny (no-rule)"},
      {"patch deployments.apps dev/web", "deny (no-rule)"},
      {"update deployments.apps/scale dev/web", "deny (no-rule)"},
      {"delete pods dev/web", "deny (no-rule)"},
      {"delete pods kube-system/dns", "deny (protected)"},
      {"exec pods/exec dev/web", "deny (no-rule)"},
      {"forward pods/portforward dev/web", "deny (no-rule)"},
      {"raw  -", "deny (no-rule)"},
      {"config  -", "deny (no-rule)"},
      {"local  -", "deny (no-rule)"},
      {"fetch  -", "deny (no-rule)"},
      {"get ? dev/x", "deny (unclear)"},
  };
  const auto engine = Preset("read-only");
  for (const Row& row : rows) {
    const Decision decision = Decide(*engine, Call(row.request));
    EXPECT_EQ(Brief(decision), row.expected) << row.request;
  }
  EXPECT_EQ(Decide(*engine, Call("delete pods dev/web-0")).sentence,
            "Deleting pods \"web-0\" in namespace \"dev\" is not allowed: no "
            "rule of policy \"read-only\" allows it; reading is allowed.");
}

TEST(Presets, ReadOnlyScopedNeedsAndKeepsItsFence) {
  Issues issues;
  EXPECT_EQ(Preset("read-only-scoped", InDev(), issues), nullptr);
  EXPECT_NE(testing::Rendered(issues).find("--set scope.namespaces="),
            std::string::npos);
  CompileOptions options = InDev();
  options.settings["scope.namespaces"] = {"dev"};
  const auto engine = Preset("read-only-scoped", options);
  const Row rows[] = {
      {"get pods dev/web", "allow by read-only/read-ordinary"},
      {"discover  -", "allow by read-only/read-ordinary"},
      {"get pods prod/web", "deny (outside-scope)"},
      {"list pods *", "deny (outside-scope)"},
      {"get pods ?/web", "deny (outside-scope)"},
      {"list nodes -", "deny (outside-scope)"},
      {"get namespaces -/dev", "deny (outside-scope)"},
      {"delete pods dev/web", "deny (no-rule)"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Brief(Decide(*engine, Call(row.request))), row.expected)
        << row.request;
  }
}

TEST(Presets, ObserveAllLetsPassAndRecords) {
  const auto engine = Preset("observe-all");
  EXPECT_EQ(engine->mode(), Mode::kObserve);
  const Decision decision = Decide(*engine, Call("delete pods dev/web"));
  EXPECT_EQ(Brief(decision), "deny (no-rule)");
  EXPECT_TRUE(decision.Passes());
  EXPECT_EQ(Brief(Decide(*engine, Call("get pods dev/web"))),
            "allow by read-only/read-ordinary");
}

std::vector<RuleFile> Files(const std::vector<std::string>& texts) {
  std::vector<RuleFile> files;
  for (const std::string& text : texts) {
    Issues issues;
    files.push_back(
        ReadRules({"f" + std::to_string(files.size()), text}, issues));
    EXPECT_EQ(testing::Rendered(issues), "");
  }
  return files;
}

std::string Named(std::string_view name, std::string_view body) {
  return "apiVersion: gatehouse/v1\nkind: Policy\nname: " + std::string(name) +
         "\n" + std::string(body) + "\n";
}

TEST(Compiler, ScopesIntersectAndProtectUnites) {
  Issues issues;
  const auto engine =
      CompileRules(Files({Named("outer",
                                "mode: enforce\nscope: {namespaces: [a, b]}\n"
                                "protect: [a]\nrules: [{id: r, allow: any}]"),
                          Named("inner",
                                "mode: observe\nscope: {namespaces: [b, c]}\n"
                                "protect: [b]\nrules: [{id: r, allow: get}]")}),
                   testing::Tables(), InDev(), issues);
  ASSERT_NE(engine, nullptr) << testing::Rendered(issues);
  EXPECT_EQ(engine->mode(), Mode::kEnforce);
  EXPECT_EQ(Brief(Decide(*engine, Call("get pods a/x"))),
            "deny (outside-scope)");
  EXPECT_EQ(Brief(Decide(*engine, Call("get pods c/x"))),
            "deny (outside-scope)");
  EXPECT_TRUE(Decide(*engine, Call("get pods b/x")).Passes());
  EXPECT_EQ(Brief(Decide(*engine, Call("delete pods b/x"))),
            "deny (protected)");
  const auto rules = engine->rules();
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].id, "r");
  EXPECT_EQ(rules[1].id, "inner/r");
}

TEST(Compiler, SettingsTakeTheOutermostPlaceOnly) {
  CompileOptions options = InDev();
  options.settings["scope.namespaces"] = {"c", "b"};
  options.settings["scope.contexts"] = {"prod"};
  Issues issues;
  const auto engine = CompileRules(
      Files({Named("outer", "rules: [{id: r, allow: get}]"),
             Named("inner",
                   "scope: {namespaces: [b]}\nrules: [{id: r, allow: "
                   "get}]")}),
      testing::Tables(), options, issues);
  ASSERT_NE(engine, nullptr);
  Classification call = Call("get pods c/x");
  call.requests[0].context = "prod";
  EXPECT_EQ(Brief(Decide(*engine, call)), "deny (outside-scope)");
  call.requests[0].namespace_name = "b";
  EXPECT_TRUE(Decide(*engine, call).Passes());
}

TEST(Compiler, RefusesBadSettings) {
  const std::pair<std::string, std::vector<std::string>> bad[] = {
      {"scope.names", {"a"}},
      {"scope.namespaces", {}},
      {"scope.namespaces", {"[a]"}},
      {"scope.contexts", {""}}};
  for (const auto& [name, values] : bad) {
    CompileOptions options = InDev();
    options.settings[name] = values;
    Issues issues;
    EXPECT_EQ(Preset("read-only", options, issues), nullptr) << name;
    EXPECT_TRUE(issues.HasErrors());
  }
}

TEST(Compiler, HashIsOfTheText) {
  const auto a = Compile("rules: [{id: r, allow: get}]");
  const auto b = Compile("rules: [{id: r, allow: get}]");
  const auto c = Compile("rules: [{id: r, allow: list}]");
  EXPECT_TRUE(a->hash().starts_with("sha256:"));
  EXPECT_EQ(a->hash().size(), 71u);
  EXPECT_EQ(a->hash(), b->hash());
  EXPECT_NE(a->hash(), c->hash());
  EXPECT_EQ(a->text(), PolicyText("rules: [{id: r, allow: get}]"));
  EXPECT_EQ(a->name(), "test");
}

TEST(Compiler, RefusesNothing) {
  Issues issues;
  EXPECT_EQ(CompileRules({}, testing::Tables(), {}, issues), nullptr);
  EXPECT_TRUE(issues.HasErrors());
}

// Random policies and requests over a small world.
class World {
 public:
  explicit World(unsigned seed) : random_(seed) {}

  std::string Pick(std::initializer_list<const char*> words) {
    return *(words.begin() + random_() % words.size());
  }
  std::string Space() { return Pick({"a", "b", "'*'", "''", "'a*'"}); }
  std::string Rule(const std::string& id, const std::string& effect) {
    std::string rule = "- {id: " + id + ", " + effect + ": " +
                       Pick({"get", "read", "write", "any", "exec"});
    if (random_() % 2 == 0) rule += ", namespaces: " + Space();
    if (random_() % 3 == 0) rule += ", names: " + Pick({"x", "'y*'"});
    if (random_() % 3 == 0) {
      rule += ", resources: " + Pick({"pods", "secrets", "'*'", "deploy"});
    }
    if (random_() % 4 == 0) rule += ", unless: {namespaces: " + Space() + "}";
    return rule + "}\n";
  }
  std::string Rules() {
    std::string rules;
    for (int i = 0; i < 5; ++i) {
      rules += Rule("r" + std::to_string(i),
                    Pick({"allow", "allow", "ask", "deny"}));
    }
    return rules;
  }
  Request Ask() {
    return Asked(Pick({"get", "list", "delete", "exec", "?"}) + " " +
                 Pick({"pods", "secrets", "deployments.apps", "?"}) + " " +
                 Pick({"a", "b", "c", "-", "*", "?"}) + "/" +
                 Pick({"", "x", "y1", "?"}));
  }
  // Forgets one field.
  Request Forget(Request request) {
    switch (random_() % 4) {
      case 0:
        request.verb = Verb::kUnknown;
        break;
      case 1:
        request.resource.reset();
        break;
      case 2:
        request.namespace_name.reset();
        request.all_namespaces = false;
        break;
      default:
        request.name.reset();
    }
    return request;
  }

 private:
  std::mt19937 random_;
};

TEST(Property, DeniesFencesAndUnknownsNeverWiden) {
  World world(20260101);
  int allowed = 0;
  for (int i = 0; i < 60; ++i) {
    const std::string rules = world.Rules();
    const std::string scope = "scope: {namespaces: [a, b, '', '*']}\n";
    const auto base = Compile(scope + "protect: []\nrules:\n" + rules);
    const auto denied = Compile(scope + "protect: []\nrules:\n" + rules +
                                world.Rule("more", "deny"));
    const auto narrow =
        Compile("scope: {namespaces: [a]}\nprotect: []\nrules:\n" + rules);
    const auto guarded = Compile(scope + "protect: [a]\nrules:\n" + rules);
    for (int k = 0; k < 60; ++k) {
      const Request request = world.Ask();
      const Effect effect = Decide(*base, Call({request})).effect;
      allowed += effect == Effect::kAllow ? 1 : 0;
      const Request vague = world.Forget(request);
      for (const auto& tighter : {denied, narrow, guarded}) {
        EXPECT_LE(Decide(*tighter, Call({request})).effect, effect)
            << rules << Describe(request);
      }
      EXPECT_LE(Decide(*base, Call({request, vague})).effect, effect);
      // Rules without the forgotten field may still allow it; none may allow
      // it whose match hangs on that field.
      if (Decide(*base, Call({vague})).effect == Effect::kAllow) {
        EXPECT_EQ(effect, Effect::kAllow)
            << rules << Describe(request) << " / " << Describe(vague);
      }
    }
  }
  EXPECT_GT(allowed, 100);
}

// A coarse guard against a slip in the index; tests/bench measures.
TEST(Speed, TwoHundredRulesAndFortyRequestsAreQuick) {
  std::string body = "rules:\n";
  for (int i = 0; i < 200; ++i) {
    body += "- {id: r" + std::to_string(i) + ", " +
            (i % 4 == 0 ? "deny" : "allow") + ": [get, list], resources: [" +
            (i % 2 == 0 ? "pods" : "deployments") + "], namespaces: 'team-" +
            std::to_string(i) + "-*'}\n";
  }
  const auto engine = Compile(body);
  std::vector<Request> requests(40, Asked("get pods team-198-x/web"));
  const Classification call = Call(std::move(requests));
  const auto start = std::chrono::steady_clock::now();
  constexpr int kRounds = 200;
  for (int i = 0; i < kRounds; ++i) {
    ASSERT_TRUE(Decide(*engine, call).Passes());
  }
  const auto each = (std::chrono::steady_clock::now() - start) / kRounds;
  RecordProperty(
      "microseconds",
      static_cast<int>(
          std::chrono::duration_cast<std::chrono::microseconds>(each).count()));
  EXPECT_LT(each, std::chrono::milliseconds(20));
}

}  // namespace
}  // namespace gatehouse
