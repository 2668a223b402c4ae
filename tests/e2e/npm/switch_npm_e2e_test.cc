// SPDX-License-Identifier: Apache-2.0
// A real server switches its context while it runs. Its kubectl follows; the
// client that it reads resources with stays with the context of the start, and
// what that one would ask is not judged as if it went to the new one.

#include "policy/json_value.h"
#include "tests/e2e/npm/npm_fixture.h"

namespace gatehouse::testing {
namespace {

constexpr const char* kPolicy = R"(apiVersion: gatehouse/v1
kind: Policy
name: two-clusters
scope: {contexts: ["one", "two"]}
rules:
  - {id: switch, allow: config}
  - {id: all-of-one, allow: read, contexts: one}
  - {id: dev-of-two, allow: read, contexts: two, namespaces: dev}
)";

TEST_F(NpmServers, AfterASwitchOnlyKubectlIsKnownToFollow) {
  const TestAuthority authority;
  const auto two = SampleCluster::StartWithTls(authority);
  ASSERT_NE(two, nullptr);
  TemporaryFolder home;
  WriteFile(home.File("policy.yaml"), kPolicy);
  WriteFile(home.File("ca.crt"), authority.certificate());
  WriteFile(home.File("config"),
            "current-context: two\nclusters:\n- {name: one, cluster: {server: "
            "\"http://127.0.0.1:" +
                std::to_string(cluster_->port()) +
                "\"}}\n- {name: two, cluster: {server: \"https://127.0.0.1:" +
                std::to_string(two->port()) +
                "\", certificate-authority: ca.crt}}\ncontexts:\n"
                "- {name: one, context: {cluster: one, user: u}}\n"
                "- {name: two, context: {cluster: two, user: u}}\n"
                "users: [{name: u, user: {token: a-token-of-no-value}}]\n");
  auto guarded = McpClient::Start(
      {GATEHOUSE_BINARY_DIR "/gatehouse", "run", "--db", Database(), "--policy",
       home.File("policy.yaml"), "--kubeconfig", home.File("config"), "--",
       FindNpmServer(kNodeServer)});
  ASSERT_NE(guarded, nullptr);

  const auto read = [&](const std::string& uri) {
    return guarded->Request("resources/read", R"({"uri":")" + uri + "\"}");
  };
  std::size_t mark = two->Mark();
  const JsonValue pods = read("k8s://dev/pods");
  EXPECT_NE(pods.dump().find("api-6d4f"), std::string::npos)
      << pods.dump().substr(0, 600);
  EXPECT_FALSE(two->Since(mark).empty());

  guarded->Call("kubectl_context", R"({"operation":"set","name":"one"})");
  mark = two->Mark();
  const std::size_t one = cluster_->Mark();
  const JsonValue there = guarded->Call(
      "kubectl_get", R"({"resourceType":"pods","namespace":"kube-system"})");
  EXPECT_FALSE(cluster_->Since(one).empty())
      << "kubectl follows: " << there.dump().substr(0, 600);
  for (const char* uri : {"k8s://kube-system/pods", "k8s://nodes"}) {
    const JsonValue refused = read(uri);
    EXPECT_NE(ErrorCodeOf(refused), "") << uri << refused.dump();
  }
  guarded->Call("kubectl_context", R"({"operation":"set","name":"two"})");
  const JsonValue back = read("k8s://dev/pods");
  EXPECT_NE(ErrorCodeOf(back), "") << back.dump().substr(0, 600);
  EXPECT_TRUE(two->Since(mark).empty()) << two->Since(mark).front();
}

}  // namespace
}  // namespace gatehouse::testing
