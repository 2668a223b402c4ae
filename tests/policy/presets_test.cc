// SPDX-License-Identifier: Apache-2.0
// Every shipped policy allows what it says and refuses the rest.
#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Asked;
using testing::Brief;
using testing::Call;
using testing::Decide;
using testing::InDev;

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

struct PresetsRow {
  std::string_view request;
  std::string_view expected;
};

TEST(Presets, ReadOnlyReadsTheOrdinaryAndNothingElse) {
  const PresetsRow rows[] = {
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
  for (const PresetsRow& row : rows) {
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
  options.settings["scope.namespaces"] = {""};
  EXPECT_EQ(Preset("read-only-scoped", options, issues), nullptr);
  options.settings["scope.namespaces"] = {"dev"};
  const auto engine = Preset("read-only-scoped", options);
  const PresetsRow rows[] = {
      {"get pods dev/web", "allow by read-only/read-ordinary"},
      {"discover  -", "allow by read-only/read-ordinary"},
      {"get pods prod/web", "deny (outside-scope)"},
      {"list pods *", "deny (outside-scope)"},
      {"get pods ?/web", "deny (outside-scope)"},
      {"list nodes -", "deny (outside-scope)"},
      {"get namespaces -/dev", "deny (outside-scope)"},
      {"delete pods dev/web", "deny (no-rule)"},
  };
  for (const PresetsRow& row : rows) {
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

TEST(Presets, EditorsAndAdminsChangeTheirNamespacesOnly) {
  CompileOptions options = InDev();
  options.settings["scope.namespaces"] = {"dev"};
  const auto editor = Preset("namespace-editor", options);
  const auto admin = Preset("namespace-admin", options);
  struct Both {
    std::string_view request;
    std::string_view editor;
    std::string_view admin;
  };
  const Both rows[] = {
      {"list pods dev", "allow", "allow"},
      {"patch deployments.apps dev/web", "allow", "allow"},
      {"update deployments.apps/scale dev/web", "allow", "allow"},
      {"delete pods dev/web", "allow", "allow"},
      {"create configmaps dev/c", "allow", "allow"},
      {"patch deployments.apps prod/web", "deny (outside-scope)",
       "deny (outside-scope)"},
      {"delete namespaces -/dev", "deny (outside-scope)",
       "deny (outside-scope)"},
      {"patch widgets.example.com dev/w", "deny (no-rule)", "deny (no-rule)"},
      {"get secrets dev/db", "deny (sensitive)", "deny (sensitive)"},
      {"patch secrets dev/db", "deny (no-rule)", "deny (no-rule)"},
      {"exec pods/exec dev/web", "deny (no-rule)", "allow"},
      {"forward pods/portforward dev/web", "deny (no-rule)", "allow"},
      {"create rolebindings.rbac.authorization.k8s.io dev/r", "deny (no-rule)",
       "allow"},
      {"escalate roles.rbac.authorization.k8s.io dev/r", "deny (no-rule)",
       "deny (no-rule)"},
      {"raw  -", "deny (outside-scope)", "deny (outside-scope)"},
  };
  for (const Both& row : rows) {
    const auto brief = [&](const Engine& engine) {
      const std::string text = Brief(Decide(engine, Call(row.request)));
      return text.substr(0, text.find(" by "));
    };
    EXPECT_EQ(brief(*editor), row.editor) << row.request;
    EXPECT_EQ(brief(*admin), row.admin) << row.request;
  }
}

TEST(Presets, ClusterViewerReadsEveryContext) {
  const auto engine = Preset("cluster-viewer");
  Request request = Asked("list pods *");
  request.context = "prod";
  EXPECT_EQ(Brief(Decide(*engine, Call({request}))),
            "allow by read-only/read-ordinary");
  EXPECT_EQ(Brief(Decide(*engine, Call("list nodes -"))),
            "allow by read-only/read-ordinary");
  EXPECT_EQ(Brief(Decide(*engine, Call("get secrets dev/x"))),
            "deny (sensitive)");
  EXPECT_EQ(Brief(Decide(*engine, Call("delete pods dev/x"))),
            "deny (no-rule)");
}

TEST(Presets, BreakGlassIsForSomeHoursAndForAReason) {
  CompileOptions options = InDev();
  options.now = *ReadRfc3339("2026-11-27T12:00:00Z");
  Issues issues;
  EXPECT_EQ(Preset("break-glass", options, issues), nullptr);
  EXPECT_NE(testing::Rendered(issues).find("needs until"), std::string::npos);
  EXPECT_NE(testing::Rendered(issues).find("needs reason"), std::string::npos);
  options.settings["until"] = {"2026-11-27T14:00:00Z"};
  options.settings["reason"] = {"INC-7"};
  const auto engine = Preset("break-glass", options);
  EXPECT_NE(engine->text().find("# --set reason=INC-7"), std::string::npos);
  const auto at = [&](std::string_view time, std::string_view request) {
    return Brief(testing::DecideAt(*engine, time, request));
  };
  EXPECT_EQ(at("2026-11-27T13:59:59Z", "delete pods dev/web"),
            "allow by everything-ordinary");
  EXPECT_EQ(at("2026-11-27T13:59:59Z", "exec pods/exec dev/web"),
            "allow by commands-in-containers");
  EXPECT_EQ(at("2026-11-27T13:59:59Z", "get secrets dev/db"),
            "deny (sensitive)");
  EXPECT_EQ(at("2026-11-27T13:59:59Z", "delete pods kube-system/dns"),
            "deny (protected)");
  EXPECT_EQ(at("2026-11-27T14:00:00Z", "delete pods dev/web"),
            "deny (no-rule)");
}

}  // namespace
}  // namespace gatehouse
