// SPDX-License-Identifier: Apache-2.0
// From requests that were seen to a policy and to RBAC: what the draft allows
// is what was seen, and nothing sensitive.
#include "policy/policy_draft.h"

#include <gtest/gtest.h>

#include "policy/document.h"
#include "policy_fixture.h"

namespace gatehouse::testing {
namespace {

std::vector<Request> Requests(const std::vector<std::string_view>& texts) {
  std::vector<Request> requests;
  for (std::string_view text : texts) requests.push_back(Asked(text));
  return requests;
}

std::string Draft(const std::vector<Request>& requests) {
  return DraftPolicy(GatherGrants(requests, *Tables()), *Tables(), "seen",
                     "A draft.");
}

std::shared_ptr<const Engine> Compiled(const std::string& text) {
  Issues issues;
  auto engine = CompileSource({"draft.yaml", text}, InDev(), issues);
  EXPECT_FALSE(issues.HasErrors()) << Rendered(issues) << text;
  return engine;
}

TEST(PolicyDraft, GathersWhatWasSeenIntoFewRules) {
  const std::string text = Draft(Requests(
      {"list pods team-a", "get pods team-a/web",
       "list deployments.apps team-a", "get deployments.apps team-a/web",
       "list pods team-b", "get pods team-b/x", "list deployments.apps team-b",
       "get deployments.apps team-b/web", "patch deployments.apps team-a/web",
       "list nodes -", "get pods/log team-a/web",
       "list widgets.example.com team-a"}));
  EXPECT_EQ(text,
            "# A draft.\n"
            "# Read it before you sign it: it allows what was done, not what "
            "is right.\n"
            "apiVersion: gatehouse/v1\nkind: Policy\nname: seen\nscope:\n"
            "  contexts: [\"dev\"]\n"
            "  namespaces: [\"\", \"team-a\", \"team-b\"]\n"
            "rules:\n"
            "  - id: read-1\n    allow: [get]\n    resources: [pods/log]\n"
            "    namespaces: [\"team-a\"]\n"
            "  - id: read-2\n    allow: [get, list]\n    resources: [pods]\n"
            "    namespaces: [\"team-a\"]\n"
            "  - id: read-3\n    allow: [get, list]\n    resources: "
            "[pods, deployments]\n    namespaces: [\"team-b\"]\n"
            "  - id: read-4\n    allow: [list]\n    resources: [nodes]\n"
            "    namespaces: [\"\"]\n"
            "  - id: read-5\n    allow: [list]\n    resources: "
            "[widgets.example.com]\n    namespaces: [\"team-a\"]\n"
            "  - id: write-6\n    allow: [get, list, patch]\n    resources: "
            "[deployments]\n    namespaces: [\"team-a\"]\n")
      << text;
}

TEST(PolicyDraft, AllowsWhatWasSeenAndNotItsNeighbours) {
  const std::vector<std::string_view> seen = {
      "list pods team-a", "get pods team-a/web", "patch deployments.apps dev/w",
      "list nodes -", "list events.events.k8s.io team-a"};
  const auto engine = Compiled(Draft(Requests(seen)));
  ASSERT_NE(engine, nullptr);
  for (std::string_view text : seen) {
    EXPECT_EQ(Decide(*engine, Call(text)).effect, Effect::kAllow) << text;
  }
  for (std::string_view text :
       {"list pods dev", "list pods *", "delete pods team-a/web",
        "patch deployments.apps team-a/w", "get nodes -/n",
        "list events team-a", "get pods/log team-a/web",
        "get secrets team-a/a"}) {
    EXPECT_EQ(Decide(*engine, Call(text)).effect, Effect::kDeny) << text;
  }
}

TEST(PolicyDraft, HoldsBackWhatAPersonHasToMean) {
  for (std::string_view text :
       {"get secrets dev/db",
        "create clusterrolebindings.rbac.authorization."
        "k8s.io -/a",
        "exec pods/exec dev/web", "delete pods kube-system/dns",
        "delete pods *", "raw  -", "config  -", "fetch  -"}) {
    const std::string draft = Draft(Requests({"list pods dev", text}));
    EXPECT_NE(draft.find("  # Held back: "), std::string::npos) << draft;
    const auto engine = Compiled(draft);
    ASSERT_NE(engine, nullptr);
    EXPECT_EQ(engine->rules().size(), 1u) << draft;
    EXPECT_EQ(Decide(*engine, Call(text)).effect, Effect::kDeny) << draft;
  }
}

TEST(PolicyDraft, TakesNothingStrangeIntoItsText) {
  Request unclear;
  unclear.verb = Verb::kUnclear;
  std::vector<Request> requests = {unclear, Asked("get pods ?/a"),
                                   Asked("get ? dev/a")};
  for (const std::string_view strange :
       {"*", "team-*", "/.*/", "a\"]\nrules: []", "x#y", "\xc3\xa9"}) {
    Request request = Asked("list pods dev");
    request.namespace_name = strange;
    requests.push_back(request);
    request.namespace_name = "dev";
    request.resource = strange;
    requests.push_back(request);
    request.resource = "pods";
    request.context = strange;
    requests.push_back(request);
  }
  const std::string draft = Draft(requests);
  const auto engine = Compiled(draft);
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(engine->rules().size(), 1u) << draft;
  EXPECT_EQ(Decide(*engine, Call("list pods other")).effect, Effect::kDeny)
      << draft;
  EXPECT_NE(draft.find("# Left out"), std::string::npos);
  EXPECT_EQ(Compiled(Draft({unclear}))->rules().size(), 1u);
}

TEST(RbacDraft, GivesARoleForEachPlace) {
  const Grants grants = GatherGrants(
      Requests({"list pods team-a", "get deployments.apps team-a/web",
                "list nodes -", "list pods *", "get secrets team-a/db",
                "exec pods/exec team-b/web"}),
      *Tables());
  const std::string text =
      DraftRbac(grants, "seen", {"ServiceAccount", "ai", "tools"});
  Issues issues;
  const std::vector<YamlNode> documents = ReadYaml({"rbac.yaml", text}, issues);
  EXPECT_FALSE(issues.HasErrors()) << Rendered(issues) << text;
  std::vector<std::string> kinds;
  for (const YamlNode& document : documents) {
    const YamlNode* place = document.Find("metadata")->Find("namespace");
    kinds.push_back(document.Find("kind")->scalar +
                    (place == nullptr ? "" : " " + place->scalar));
  }
  EXPECT_EQ(kinds,
            (std::vector<std::string>{"ClusterRole", "ClusterRoleBinding",
                                      "Role team-a", "RoleBinding team-a",
                                      "Role team-b", "RoleBinding team-b"}));
  EXPECT_NE(text.find("- kind: ServiceAccount\n  name: \"ai\"\n  namespace: "
                      "\"tools\"\n"),
            std::string::npos);
  EXPECT_NE(text.find("#   resources: [\"secrets\"]\n#   verbs: [\"get\"]\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("#   resources: [\"pods/exec\"]\n"
                      "#   verbs: [\"create\", \"get\"]\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(DraftRbac({}, "seen", {"User", "a", ""}), "");
}

}  // namespace
}  // namespace gatehouse::testing
