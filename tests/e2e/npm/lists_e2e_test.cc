// SPDX-License-Identifier: Apache-2.0
// Both real servers: their lists, resources and prompts through the guard, and
// what `gatehouse server` makes of them.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "policy/json_value.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/guard_process.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

std::set<std::string> NamesIn(const JsonValue& answer, const char* member,
                              const char* key = "name") {
  std::set<std::string> names;
  const JsonValue* result = Member(answer, "result");
  const JsonValue* list = result ? Member(*result, member) : nullptr;
  EXPECT_NE(list, nullptr) << answer.dump().substr(0, 600);
  if (list == nullptr) return names;
  for (const JsonValue* entry : Elements(*list)) {
    names.emplace(StringMember(*entry, key).value_or("?"));
  }
  return names;
}

TEST_F(NpmServers, GoServersListIsFilteredInBothEras) {
  for (const Era era : {Era::kLegacy, Era::kModern}) {
    auto bare = McpClient::Start({FindNpmServer(kGoServer)}, era);
    auto guarded = StartGuard(kGoServer, {"--policy", "read-only"}, era);
    ASSERT_NE(bare, nullptr);
    ASSERT_NE(guarded, nullptr);
    const auto all = NamesIn(bare->Request("tools/list", "{}"), "tools");
    const JsonValue answer = guarded->Request("tools/list", "{}");
    const auto shown = NamesIn(answer, "tools");
    for (const std::string& name : all) {
      const bool changes =
          name == "pods_delete" || name == "pods_exec" || name == "pods_run" ||
          name == "resources_delete" || name == "resources_create_or_update" ||
          name.rfind("configuration_", 0) == 0 ||
          name.rfind("nodes_log", 0) == 0 || name.rfind("nodes_stats", 0) == 0;
      EXPECT_EQ(shown.contains(name), !changes) << name;
    }
    if (era == Era::kLegacy) continue;
    const JsonValue& result = *Member(answer, "result");
    EXPECT_EQ(StringMember(result, "cacheScope"), "private");
    const JsonValue* ttl = Member(result, "ttlMs");
    EXPECT_LE(ttl == nullptr ? 0 : AsNumber(*ttl).value_or(1e9), 60'000);
  }
}

TEST_F(NpmServers, NodeServersListIsFiltered) {
  auto guarded = StartGuard(kNodeServer, {"--policy", "read-only"});
  ASSERT_NE(guarded, nullptr);
  const auto shown = NamesIn(guarded->Request("tools/list", "{}"), "tools");
  for (const char* name : {"kubectl_get", "kubectl_describe", "kubectl_logs",
                           "kubectl_generic", "explain_resource", "ping"}) {
    EXPECT_TRUE(shown.contains(name)) << name;
  }
  for (const char* name : {"kubectl_delete", "kubectl_scale", "exec_in_pod",
                           "kubectl_context", "port_forward"}) {
    EXPECT_FALSE(shown.contains(name)) << name;
  }
}

TEST_F(NpmServers, ResourcesAreJudgedByWhatReadingThemDoes) {
  auto guarded = StartGuard(kNodeServer, ScopedToDev());
  ASSERT_NE(guarded, nullptr);
  const JsonValue pods =
      guarded->Request("resources/read", R"({"uri":"k8s://dev/pods"})");
  // It reads resources over TLS only, which the stand-in has not: that the
  // answer is its own shows that it was asked.
  EXPECT_EQ(ErrorCodeOf(pods), "") << pods.dump().substr(0, 600);
  EXPECT_NE(pods.dump().find("Failed to read resource"), std::string::npos)
      << pods.dump().substr(0, 600);
  for (const char* uri :
       {"k8s://kube-system/pods", "k8s://../pods", "k8s://dev/../pods",
        "k8s://%2e%2e/pods", "K8S://dev/pods", "k8s://dev/secrets",
        "k8s://default/pods", "k8s://nodes", "file:///etc/passwd"}) {
    const std::size_t mark = cluster_->Mark();
    const JsonValue refused = guarded->Request(
        "resources/read", R"({"uri":")" + std::string(uri) + "\"}");
    EXPECT_NE(ErrorCodeOf(refused), "") << uri << refused.dump();
    EXPECT_TRUE(cluster_->Since(mark).empty()) << uri;
  }
  const auto shown =
      NamesIn(guarded->Request("resources/list", "{}"), "resources", "uri");
  EXPECT_FALSE(shown.contains("k8s://nodes"));
}

TEST_F(NpmServers, PromptsAreJudgedByWhatFillingThemInDoes) {
  struct Row {
    std::vector<std::string> policy;
    bool allowed;
  };
  for (const Row& row :
       {Row{{"--policy", "read-only"}, true}, Row{ScopedToDev(), false}}) {
    auto guarded = StartGuard(kGoServer, row.policy);
    ASSERT_NE(guarded, nullptr);
    const auto shown =
        NamesIn(guarded->Request("prompts/list", "{}"), "prompts");
    EXPECT_EQ(shown.contains("cluster-health-check"), row.allowed);
    const std::size_t mark = cluster_->Mark();
    const JsonValue answer =
        guarded->Request("prompts/get", R"({"name":"cluster-health-check"})");
    EXPECT_EQ(ErrorCodeOf(answer).empty(), row.allowed)
        << answer.dump().substr(0, 600);
    EXPECT_EQ(cluster_->Since(mark).empty(), !row.allowed);
  }
}

TEST_F(NpmServers, InspectFindsEveryToolCovered) {
  for (const char* server : {kGoServer, kNodeServer}) {
    const CommandResult run =
        RunGatehouse({"server", "inspect", "--", FindNpmServer(server)});
    EXPECT_EQ(run.exit_code, 0) << run.output;
    EXPECT_NE(run.output.find(" 0 drifted, 0 unknown"), std::string::npos)
        << run.output;
  }
}

// A server that nobody profiled, made of one that is: under another name.
TEST_F(NpmServers, AScaffoldIsInspectedAsCoveredAndAFewLinesMakeItRead) {
  const std::string server = cluster_->folder().File("team-server");
  const std::string draft = cluster_->folder().File("team-server.yaml");
  WriteFile(server,
            "#!/bin/sh\nexec " + FindNpmServer(kGoServer) + " \"$@\"\n");
  ASSERT_EQ(chmod(server.c_str(), 0700), 0);
  EXPECT_EQ(RunGatehouse({"server", "inspect", "--", server}).exit_code, 1);
  cli::LineProcessSpec spec;
  spec.argv = {
      "/bin/sh", "-c",
      GatehousePath() + " server scaffold -- " + server + " > " + draft};
  auto scaffold = cli::LineProcess::Start(spec);
  ASSERT_TRUE(scaffold.ok());
  ASSERT_EQ(scaffold.value().Finish(std::chrono::seconds(60)), 0);
  const CommandResult covered =
      RunGatehouse({"server", "inspect", "--profile", draft, "--", server});
  EXPECT_EQ(covered.exit_code, 0) << covered.output;

  auto closed = McpClient::Start(GuardCommand({"--profile", draft}, {server}));
  ASSERT_NE(closed, nullptr);
  EXPECT_TRUE(NamesIn(closed->Request("tools/list", "{}"), "tools").empty());
  const std::size_t mark = cluster_->Mark();
  EXPECT_EQ(RefusalCode(closed->Call("pods_list", "{}")), "unclear");
  EXPECT_TRUE(cluster_->Since(mark).empty());

  // As docs/writing-a-profile.md shows.
  std::string text = ReadFile(draft);
  const std::size_t tool = text.find("  pods_list:");
  ASSERT_NE(tool, std::string::npos);
  const std::size_t suggestion = text.find("    # requests:", tool);
  const std::size_t end =
      text.find('\n', text.find("    unclear:", suggestion));
  ASSERT_NE(end, std::string::npos);
  text.replace(suggestion, end - suggestion,
               "    requests: [{verb: list, resource: pods, namespace: all}, "
               "{verb: discover}]");
  WriteFile(draft, text);
  auto open = McpClient::Start(GuardCommand({"--profile", draft}, {server}));
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(NamesIn(open->Request("tools/list", "{}"), "tools"),
            std::set<std::string>{"pods_list"});
  EXPECT_NE(ContentOf(open->Call("pods_list", "{}")).find("coredns"),
            std::string::npos);
}

}  // namespace
}  // namespace gatehouse::testing
