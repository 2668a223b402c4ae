// SPDX-License-Identifier: Apache-2.0
// Confinement with the real servers, kubectl and helm, before three clusters
// that log: the policy lets everything through, and still only the cluster in
// scope is reached, whatever the server tries.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "cli/demo_server.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

namespace fs = std::filesystem;

std::string Url(const SampleCluster& cluster) {
  return "http://127.0.0.1:" + std::to_string(cluster.port());
}

class ConfinedServers : public NpmServers {
 protected:
  static void SetUpTestSuite() {
    NpmServers::SetUpTestSuite();
    for (auto& other : others_) other = SampleCluster::Start();
  }
  static void TearDownTestSuite() {
    for (auto& other : others_) other.reset();
    NpmServers::TearDownTestSuite();
  }

  void SetUp() override {
    NpmServers::SetUp();
    for (const auto& other : others_) ASSERT_NE(other, nullptr);
    all_ = cluster_->folder().File("all");
    WriteFile(all_, Kubeconfig(Url(*cluster_)));
    MarkAll();
  }

  // Contexts one, two and three; one is current.
  static std::string Kubeconfig(const std::string& one,
                                const std::string& current = "one") {
    std::string clusters = "clusters:\n";
    std::string contexts = "contexts:\n";
    const std::array<std::pair<std::string, std::string>, 3> rows = {
        {{"one", one}, {"two", Url(*others_[0])}, {"three", Url(*others_[1])}}};
    for (const auto& [name, url] : rows) {
      clusters +=
          "- {name: " + name + ", cluster: {server: \"" + url + "\"}}\n";
      contexts +=
          "- {name: " + name + ", context: {cluster: " + name + ", user: u}}\n";
    }
    return "current-context: " + current + "\n" + clusters + contexts +
           "users: [{name: u, user: {token: t}}]\n";
  }

  void MarkAll() {
    for (std::size_t i = 0; i < 2; ++i) marks_[i] = others_[i]->Mark();
  }
  void ExpectOthersUntouched() {
    for (std::size_t i = 0; i < 2; ++i) {
      const auto lines = others_[i]->Since(marks_[i]);
      EXPECT_TRUE(lines.empty()) << (lines.empty() ? "" : lines.front());
    }
  }

  std::unique_ptr<McpClient> Start(const std::vector<std::string>& server,
                                   std::vector<std::string> options = {}) {
    std::vector<std::string> argv = {GATEHOUSE_BINARY_DIR "/gatehouse",
                                     "run",
                                     "--db",
                                     Database(),
                                     "--policy",
                                     "observe-all"};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.emplace_back("--");
    argv.insert(argv.end(), server.begin(), server.end());
    return McpClient::Start(argv);
  }

  static std::array<std::unique_ptr<SampleCluster>, 2> others_;
  std::array<std::size_t, 2> marks_ = {};
  std::string all_;
};

std::array<std::unique_ptr<SampleCluster>, 2> ConfinedServers::others_;

TEST_F(ConfinedServers, TheGoServerReachesOneCluster) {
  auto guarded = Start({FindNpmServer(kGoServer)}, {"--kubeconfig", all_});
  ASSERT_NE(guarded, nullptr);
  for (const char* context : {"two", "three"}) {
    const std::string named = R"({"context":")" + std::string(context) + "\"}";
    for (const char* tool : {"pods_list", "namespaces_list", "events_list"}) {
      guarded->Call(tool, named);
    }
  }
  const std::string view = ContentOf(guarded->Call("configuration_view", "{}"));
  EXPECT_NE(view.find("one"), std::string::npos) << view;
  EXPECT_EQ(view.find("two"), std::string::npos) << view;
  ExpectOthersUntouched();
  const std::size_t mark = cluster_->Mark();
  guarded->Call("pods_list", "{}");
  EXPECT_FALSE(cluster_->Since(mark).empty());
}

TEST_F(ConfinedServers, TheNodeServerAndItsKubectlReachOneCluster) {
  auto guarded = Start({FindNpmServer(kNodeServer)}, {"--kubeconfig", all_});
  ASSERT_NE(guarded, nullptr);
  const std::string before = ReadFile(all_);
  const std::vector<ToolCase> tries = {
      {"kubectl_get", R"({"resourceType":"pods","context":"two"})"},
      {"kubectl_context", R"({"operation":"set","name":"two"})"},
      {"kubectl_get", R"({"resourceType":"pods"})"},
      {"kubectl_generic",
       R"({"command":"config","subCommand":"use-context","name":"three"})"},
      {"kubectl_generic", R"({"command":"config","args":["set-context",)"
                          R"("one","--cluster=two"]})"},
      {"kubectl_generic", R"({"command":"config","args":["set",)"
                          R"("clusters.one.server",")" +
                              Url(*others_[0]) + R"("]})"},
      {"kubectl_generic", R"({"command":"get","args":["pods","-A"]})"},
  };
  for (const ToolCase& each : tries) guarded->Call(each.tool, each.arguments);
  ExpectOthersUntouched();
  EXPECT_EQ(ReadFile(all_), before);
  const std::size_t mark = cluster_->Mark();
  guarded->Call("kubectl_get", R"({"resourceType":"pods","namespace":"dev"})");
  EXPECT_FALSE(cluster_->Since(mark).empty());
}

// A server that runs kubectl and helm as it likes.
TEST_F(ConfinedServers, KubectlAndHelmReachOneCluster) {
  const std::string script =
      "kubectl get pods -A; kubectl get pods -A --context two; "
      "kubectl get pods -A --cluster three --user u; "
      "kubectl config use-context two; kubectl get pods -A; "
      "helm list -A; helm list -A --kube-context three; exec " +
      FindNpmServer(kGoServer);
  const std::size_t mark = cluster_->Mark();
  auto guarded = Start({"/bin/sh", "-c", script},
                       {"--kubeconfig", all_, "--profile", "sample-server"});
  ASSERT_NE(guarded, nullptr);
  ExpectOthersUntouched();
  const auto lines = cluster_->Since(mark);
  const auto holds = [&lines](const std::string& text) {
    return std::any_of(lines.begin(), lines.end(), [&](const auto& line) {
      return line.find(text) != std::string::npos;
    });
  };
  EXPECT_TRUE(holds("/pods")) << "kubectl reached the one";
  if (cli::FindProgram("helm") != "") {
    EXPECT_TRUE(holds("/secrets")) << "helm reached the one";
  }
}

TEST_F(ConfinedServers, AKubeconfigInAVariableIsReadIntoTheCopy) {
  setenv("KUBECONFIG_YAML", Kubeconfig(Url(*cluster_), "one").c_str(), 1);
  setenv("KUBECONFIG", "/nowhere", 1);
  auto guarded = Start({FindNpmServer(kNodeServer)});
  unsetenv("KUBECONFIG_YAML");
  setenv("KUBECONFIG", cluster_->kubeconfig().c_str(), 1);
  ASSERT_NE(guarded, nullptr);
  const std::size_t mark = cluster_->Mark();
  guarded->Call("kubectl_get", R"({"resourceType":"pods","context":"two"})");
  guarded->Call("kubectl_get", R"({"resourceType":"pods"})");
  EXPECT_FALSE(cluster_->Since(mark).empty());
  ExpectOthersUntouched();
}

// What a relay does with its certificates: the file is replaced, twice. Here
// the server's address changes, so that the logs show who was believed.
TEST_F(ConfinedServers, TheServersFollowARotatedKubeconfig) {
  const std::string path = cluster_->folder().File("rotating");
  const auto point_at = [&](const SampleCluster& cluster) {
    WriteFile(path + ".next", Kubeconfig(Url(cluster)));
    fs::rename(path + ".next", path);
  };
  for (const auto& row : std::vector<std::array<std::string, 3>>{
           {kGoServer, "pods_list", "{}"},
           {kNodeServer, "kubectl_get", R"({"resourceType":"pods"})"}}) {
    const std::string& name = row[0];
    point_at(*cluster_);
    auto guarded = Start({FindNpmServer(name)}, {"--kubeconfig", path});
    ASSERT_NE(guarded, nullptr) << name;
    for (const auto& next : others_) {
      point_at(*next);
      const std::size_t mark = next->Mark();
      EXPECT_TRUE(Eventually(
          [&] {
            guarded->Call(row[1], row[2]);
            return !next->Since(mark).empty();
          },
          std::chrono::seconds(20)))
          << name;
    }
  }
}

}  // namespace
}  // namespace gatehouse::testing
