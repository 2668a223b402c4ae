// SPDX-License-Identifier: Apache-2.0
// `run --pin-namespace` before the real servers. Each is given a kubeconfig in
// which the current context's namespace is another one than in the kubeconfig
// that calls are judged by, as after a change of context that the guard has not
// seen: pinned calls go where they were judged to go all the same.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

class PinnedCalls : public NpmServers {
 protected:
  // The guard's kubeconfig has dev, the server's has shop.
  std::unique_ptr<McpClient> StartApart(const std::string& server,
                                        const std::string& option) const {
    std::string config = ReadFile(cluster_->kubeconfig());
    const std::string place = "namespace: default";
    const std::size_t at = config.find(place);
    config.replace(at, place.size(), "namespace: dev");
    WriteFile(Judged(), config);
    WriteFile(Servers(), config.replace(at, 14, "namespace: shop"));
    const std::string run = "tee '" + Received() + "' | KUBECONFIG='" +
                            Servers() + "' '" + FindNpmServer(server) + "'";
    // Confinement would not let the server have another kubeconfig.
    std::vector<std::string> options = {"--policy", "read-only", "--profile",
                                        server, "--no-confine"};
    if (!option.empty()) options.push_back(option);
    std::vector<std::string> argv =
        GuardCommand(options, {"/bin/sh", "-c", run});
    std::replace(argv.begin(), argv.end(), cluster_->kubeconfig(), Judged());
    return McpClient::Start(argv);
  }

  // The lines that the API saw of one call, without discovery.
  std::vector<std::string> Seen(McpClient& guarded, const ToolCase& call) {
    const std::size_t mark = cluster_->Mark();
    guarded.Call(call.tool, call.arguments);
    std::vector<std::string> lines = cluster_->Since(mark);
    std::erase_if(lines, [](const std::string& line) {
      return line.find("/pods") == std::string::npos;
    });
    return lines;
  }

  std::string Judged() const { return cluster_->folder().File("judged"); }
  std::string Servers() const { return cluster_->folder().File("servers"); }
  // tee hands a line on before it writes it down, and has done so once it has
  // read the next.
  std::string ReceivedBefore(McpClient& guarded) const {
    guarded.Request("ping", "{}");
    return ReadFile(Received());
  }
  std::string Received() const { return cluster_->folder().File("received"); }
};

constexpr const char* kGet = R"({"name":"web-6d4f-k2vxp"})";
constexpr const char* kList = R"({"command":"get","resourceType":"pods"})";

TEST_F(PinnedCalls, GoServerGoesWhereTheCallWasJudgedToGo) {
  auto loose = StartApart(kGoServer, "");
  ASSERT_NE(loose, nullptr);
  EXPECT_EQ(Seen(*loose, {"pods_get", kGet}),
            std::vector<std::string>{
                "GET /api/v1/namespaces/shop/pods/web-6d4f-k2vxp -> 200"});
  auto pinned = StartApart(kGoServer, "--pin-namespace");
  ASSERT_NE(pinned, nullptr);
  EXPECT_EQ(Seen(*pinned, {"pods_get", kGet}),
            std::vector<std::string>{
                "GET /api/v1/namespaces/dev/pods/web-6d4f-k2vxp -> 200"});
  EXPECT_NE(ReceivedBefore(*pinned).find(R"({"name":"web-6d4f-k2vxp",)"
                                         R"("namespace":"dev"})"),
            std::string::npos);
  // All namespaces are meant: left as it is.
  Seen(*pinned, {"pods_list_in_namespace", R"({"namespace":""})"});
  EXPECT_NE(ReceivedBefore(*pinned).find(R"("arguments":{"namespace":""})"),
            std::string::npos);
}

TEST_F(PinnedCalls, NodeServerGoesWhereTheCallWasJudgedToGo) {
  auto loose = StartApart(kNodeServer, "");
  ASSERT_NE(loose, nullptr);
  EXPECT_EQ(Seen(*loose, {"kubectl_generic", kList}),
            std::vector<std::string>{
                "GET /api/v1/namespaces/shop/pods?limit=500 -> 200"});
  auto pinned = StartApart(kNodeServer, "--pin-namespace");
  ASSERT_NE(pinned, nullptr);
  EXPECT_EQ(Seen(*pinned, {"kubectl_generic", kList}),
            std::vector<std::string>{
                "GET /api/v1/namespaces/dev/pods?limit=500 -> 200"});
  EXPECT_NE(ReceivedBefore(*pinned).find(R"("resourceType":"pods",)"
                                         R"("namespace":"dev"})"),
            std::string::npos);
}

}  // namespace
}  // namespace gatehouse::testing
