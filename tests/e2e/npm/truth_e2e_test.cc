// SPDX-License-Identifier: Apache-2.0
// What the profiles say of a call, against what the real server does with it:
// every request that the API saw must be among those that the classifier
// names, unless it says that the call is unclear. No guard stands between.
//
// Not counted: discovery, reviews of one's own rights, and kubectl's question
// whether the namespace of a missing object is there.

#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "policy/json_value.h"
#include "policy/kubernetes/classifier.h"
#include "policy/kubernetes/kubeconfig.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_profile.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/e2e/npm/truth_rows.h"
#include "tests/support/api_truth.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

// Those that the profile describes beyond the default ones.
constexpr const char* kMoreToolsets =
    "--toolsets=config,core,kubevirt,netobserv,tekton";

// A cluster of its own: these calls change it.
class TruthOfServers : public NpmServers {
 protected:
  // Gives how many of the calls reached the API.
  int CheckAll(const std::string& server, std::span<const TruthRow> rows) {
    std::vector<std::string> argv = {FindNpmServer(server)};
    if (server == kGoServer) argv.emplace_back(kMoreToolsets);
    auto bare = McpClient::Start(argv);
    if (bare == nullptr) return 0;
    const Classifier classifier(EmbeddedProfile(server),
                                KubernetesTables::Embedded());
    const SourceText file{"kubeconfig", ReadFile(cluster_->kubeconfig())};
    const ClusterView view = ReadKubeconfig({&file, 1}).value();
    int reached = 0;
    for (const TruthRow& row : rows) {
      const JsonValue arguments = ParseJson(row.arguments).value();
      const std::size_t mark = cluster_->Mark();
      bare->Call(row.tool, row.arguments);
      const Classification made =
          classifier.Classify({row.tool, &arguments}, view);
      if (Check(row, made, cluster_->Since(mark))) ++reached;
    }
    return reached;
  }

 private:
  static bool Check(const TruthRow& row, const Classification& made,
                    const std::vector<std::string>& lines) {
    for (const std::string& line : Uncovered(lines, made.requests)) {
      ADD_FAILURE() << row.tool << " " << row.arguments << "\n  the API saw "
                    << line << Told(made.requests);
    }
    return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
      return SeenIn(line).has_value();
    });
  }
};

TEST_F(TruthOfServers, GoServerDoesWhatItsProfileSays) {
  EXPECT_GE(CheckAll(kGoServer, kGoTruth), 35);
}

TEST_F(TruthOfServers, NodeServerDoesWhatItsProfileSays) {
  EXPECT_GE(CheckAll(kNodeServer, kNodeTruth), 40);
}

}  // namespace
}  // namespace gatehouse::testing
