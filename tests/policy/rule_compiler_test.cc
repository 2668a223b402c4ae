// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_compiler.h"

#include <gtest/gtest.h>

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

TEST(Compiler, TheOneContextIsAFenceBesideTheFiles) {
  CompileOptions options = InDev();
  options.only_context = "dev-1";
  const auto engine = Compile(
      "scope: {contexts: ['dev-*']}\nrules: [{id: r, allow: get}]", options);
  EXPECT_TRUE(engine->ContextInScope("dev-1"));
  EXPECT_FALSE(engine->ContextInScope("dev-2"));
  EXPECT_FALSE(engine->ContextInScope("prod"));
  Classification call = Call("get pods c/x");
  call.requests[0].context = "dev-2";
  EXPECT_EQ(Brief(Decide(*engine, call)), "deny (context)");
}

TEST(Compiler, ContextsInScopeAreThoseThatEveryFileHas) {
  Issues issues;
  const auto engine =
      CompileRules(Files({Named("outer",
                                "scope: {contexts: ['dev-*', prod]}\n"
                                "rules: [{id: r, allow: get}]"),
                          Named("inner",
                                "scope: {contexts: ['*-1', prod]}\n"
                                "rules: [{id: r, allow: get}]")}),
                   testing::Tables(), InDev(), issues);
  ASSERT_NE(engine, nullptr);
  EXPECT_TRUE(engine->ContextInScope("dev-1"));
  EXPECT_TRUE(engine->ContextInScope("prod"));
  EXPECT_FALSE(engine->ContextInScope("dev-2"));
  EXPECT_FALSE(engine->ContextInScope("dev")) << "not the current one";
  EXPECT_TRUE(Compile("rules: [{id: r, allow: get}]")->ContextInScope("dev"));
}

TEST(Compiler, ServerSettingsOfAllFilesAreAllowed) {
  Issues issues;
  const auto engine =
      CompileRules(Files({Named("outer",
                                "serverSettings: [--port]\n"
                                "rules: [{id: r, allow: get}]"),
                          Named("inner",
                                "serverSettings: K8S_SERVER\n"
                                "rules: [{id: r, allow: get}]")}),
                   testing::Tables(), InDev(), issues);
  ASSERT_NE(engine, nullptr);
  EXPECT_TRUE(engine->AllowsSetting("--port"));
  EXPECT_TRUE(engine->AllowsSetting("K8S_SERVER"));
  EXPECT_FALSE(engine->AllowsSetting("--PORT"));
  EXPECT_FALSE(engine->AllowsSetting(""));
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
    EXPECT_EQ(
        testing::CompileSource(testing::LoadPreset("read-only", "").value(),
                               options, issues),
        nullptr)
        << name;
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

}  // namespace
}  // namespace gatehouse
