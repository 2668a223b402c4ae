// SPDX-License-Identifier: Apache-2.0
// kubernetes-mcp-server (a Go program that speaks to the API itself) behind the
// real guard, before a stand-in API that logs every request.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <cstdlib>

#include "policy/json_value.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

const ToolCase kGoAlive = {"pods_list_in_namespace", R"({"namespace":"dev"})",
                           "web-6d4f-k2vxp"};

TEST_F(NpmServers, GoServersReadsComeThroughUnchanged) {
  ExpectSameAnswers(
      kGoServer,
      {{"pods_list", "{}", "coredns-6d4f-k2vxp"},
       {"pods_list_in_namespace", R"({"namespace":"dev"})", "web-6d4f-t9zqm"},
       {"resources_list", R"({"apiVersion":"apps/v1","kind":"Deployment"})",
        "coredns"},
       {"resources_get",
        R"({"apiVersion":"apps/v1","kind":"Deployment","name":"web",)"
        R"("namespace":"dev"})",
        "kind: Deployment"},
       {"pods_get", R"({"name":"web-6d4f-k2vxp","namespace":"dev"})",
        "nodeName: node-1"},
       {"pods_log", R"({"name":"web-6d4f-k2vxp","namespace":"dev"})",
        "listening"},
       {"events_list", R"({"namespace":"dev"})", "Started container web"},
       {"namespaces_list", "{}", "kube-system"}});
}

TEST_F(NpmServers, GoServerReadOnlyRefuses) {
  auto guarded = StartGuard(kGoServer, {"--policy", "read-only"});
  ASSERT_NE(guarded, nullptr);
  const std::string web =
      R"({"apiVersion":"apps/v1","kind":"Deployment","name":"web",)"
      R"("namespace":"dev")";
  ExpectRefused(
      *guarded,
      {{"resources_scale", web + R"(,"scale":3})"},
       {"resources_delete", web + "}"},
       {"pods_delete", R"({"name":"web-6d4f-k2vxp","namespace":"dev"})"},
       {"pods_exec",
        R"({"name":"web-6d4f-k2vxp","namespace":"dev","command":["id"]})"},
       {"pods_run", R"({"image":"busybox","namespace":"dev"})"},
       {"resources_create_or_update",
        R"({"resource":"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  )"
        R"(name: a\n  namespace: dev\n"})"},
       {"resources_get",
        R"({"apiVersion":"v1","kind":"Secret","name":"db-credentials",)"
        R"("namespace":"dev"})"},
       {"resources_list", R"({"apiVersion":"v1","kind":"Secret"})"},
       {"resources_list", R"({"apiVersion":"","kind":"secret"})"},
       {"resources_list",
        R"({"apiVersion":"v1","kind":"Secret","namespace":".."})"},
       {"pods_list_in_namespace", R"({"namespace":"../nodes/node-1/proxy"})"},
       {"nodes_log", R"({"name":"node-1","query":"kubelet"})"},
       {"configuration_view", "{}"},
       {"configuration_view", R"({"minified":false})"},
       {"pods_get",
        R"({"name":"web-6d4f-k2vxp","namespace":"dev","surprise":1})"},
       {"no_such_tool", "{}"}},
      kGoAlive);
}

TEST_F(NpmServers, GoServerStaysInItsNamespace) {
  auto guarded = StartGuard(kGoServer, ScopedToDev());
  ASSERT_NE(guarded, nullptr);
  ExpectRefused(
      *guarded,
      {{"pods_list", "{}"},
       {"pods_list_in_namespace", R"({"namespace":"kube-system"})"},
       {"pods_list_in_namespace", R"({"namespace":["kube-system"]})"},
       {"pods_list_in_namespace", R"({"namespace":"dev/../kube-system"})"},
       {"pods_list_in_namespace", R"({"namespace":""})"},
       {"pods_get", R"({"name":"hello-6d4f-k2vxp"})"},
       {"events_list", "{}"},
       {"resources_list", R"({"apiVersion":"v1","kind":"Namespace"})"}},
      kGoAlive);
}

// A Go server's stream decoder would put the pieces together and run them.
TEST_F(NpmServers, ACallSpreadOverLinesReachesNobody) {
  auto guarded = StartGuard(kGoServer, ScopedToDev());
  ASSERT_NE(guarded, nullptr);
  std::size_t mark = cluster_->Mark();
  JsonValue answer = guarded->Raw(
      "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\n"
      "\"params\":{\"name\":\"pods_list_in_namespace\",\n"
      "\"arguments\":{\"namespace\":\"dev\"}}}");
  EXPECT_NE(Member(answer, "error"), nullptr) << answer.dump();
  JsonValue alive = guarded->Call(kGoAlive.tool, kGoAlive.arguments);
  EXPECT_NE(ContentOf(alive).find(kGoAlive.holds), std::string::npos);
  // Only the call that was whole: one listing.
  int listings = 0;
  for (const std::string& line : cluster_->Since(mark)) {
    if (line.find("/namespaces/dev/pods") != std::string::npos) ++listings;
  }
  EXPECT_EQ(listings, 1);
}

TEST_F(NpmServers, ModernClientsAreServedAndGuarded) {
  auto guarded = StartGuard(kGoServer, {"--policy", "read-only"}, Era::kModern);
  ASSERT_NE(guarded, nullptr) << "server/discover did not come through";
  JsonValue listed = guarded->Request("tools/list", "{}");
  ASSERT_NE(Member(listed, "result"), nullptr) << listed.dump();
  JsonValue pods = guarded->Call("pods_list", "{}");
  EXPECT_NE(ContentOf(pods).find("coredns"), std::string::npos) << pods.dump();
  std::size_t mark = cluster_->Mark();
  JsonValue refused = guarded->Call(
      "pods_delete", R"({"name":"web-6d4f-k2vxp","namespace":"dev"})");
  EXPECT_NE(RefusalCode(refused), "");
  const JsonValue* result = Member(refused, "result");
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(StringMember(*result, "resultType"), "complete");
  EXPECT_TRUE(cluster_->Since(mark).empty());
}

// As `npx -y` starts a server: a shell that does not exec, then node, then
// the program. Whoever bears the mark was started by this guard.
TEST_F(NpmServers, NothingIsLeftAfterTheGuardIsKilled) {
  const std::string script = cluster_->folder().File("start.sh");
  WriteFile(script,
            "#!/bin/sh\n" + FindNpmServer(kGoServer) + " \"$@\"\nexit $?\n");
  ASSERT_EQ(chmod(script.c_str(), 0700), 0);
  for (bool busy : {false, true}) {
    SCOPED_TRACE(busy ? "with calls in flight" : "idle");
    const std::string mark = NewMark();
    const std::size_t equals = mark.find('=');
    setenv(mark.substr(0, equals).c_str(), mark.substr(equals + 1).c_str(), 1);
    auto guarded = McpClient::Start(
        GuardCommand({"--policy", "read-only", "--profile", kGoServer},
                     {"/bin/sh", script}));
    unsetenv(mark.substr(0, equals).c_str());
    ASSERT_NE(guarded, nullptr);
    EXPECT_NE(ContentOf(guarded->Call("pods_list", "{}")).find("coredns"),
              std::string::npos);
    EXPECT_GE(ProcessesWith(mark).size(), 4u)
        << "guard, shell, node and server were expected";
    for (int i = 0; busy && i < 20; ++i) {
      ASSERT_TRUE(guarded->process()
                      .WriteLine(R"({"jsonrpc":"2.0","id":)" +
                                 std::to_string(500 + i) +
                                 R"(,"method":"tools/call","params":{"name":)"
                                 R"("pods_list","arguments":{}}})")
                      .ok());
    }
    ASSERT_EQ(kill(guarded->process().pid(), SIGKILL), 0);
    EXPECT_TRUE(Eventually([&] { return ProcessesWith(mark).empty(); }));
    EXPECT_EQ(Verify(), 0);
  }
}

}  // namespace
}  // namespace gatehouse::testing
