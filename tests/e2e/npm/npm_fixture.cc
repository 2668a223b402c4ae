// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/npm/npm_fixture.h"

#include <cstdlib>

#include "policy/json_value.h"
#include "tests/support/kubernetes_tools.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

constexpr const char* kGatehouse = GATEHOUSE_BINARY_DIR "/gatehouse";

}  // namespace

std::unique_ptr<SampleCluster> NpmServers::cluster_;

void NpmServers::SetUpTestSuite() {
  cluster_ = SampleCluster::Start();
  if (cluster_ == nullptr) return;
  // For the bare servers; and nothing of this user's own.
  setenv("KUBECONFIG", cluster_->kubeconfig().c_str(), 1);
  setenv("HOME", cluster_->folder().path().c_str(), 1);
  PutKubernetesToolsOnPath();
}

void NpmServers::TearDownTestSuite() { cluster_.reset(); }

void NpmServers::SetUp() {
  ASSERT_NE(cluster_, nullptr) << "gatehouse-sample-cluster did not start";
  ASSERT_NE(FindNpmServer(kGoServer), "") << kServersMissing;
  ASSERT_NE(FindNpmServer(kNodeServer), "") << kServersMissing;
  ASSERT_NE(FindKubectl(), "") << kServersMissing;
}

std::string NpmServers::Database() const {
  return cluster_->folder().File("audit.db");
}

std::vector<std::string> NpmServers::GuardCommand(
    const std::vector<std::string>& options,
    const std::vector<std::string>& server) const {
  std::vector<std::string> argv = {kGatehouse,     "run",
                                   "--db",         Database(),
                                   "--kubeconfig", cluster_->kubeconfig()};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.push_back("--");
  argv.insert(argv.end(), server.begin(), server.end());
  return argv;
}

std::unique_ptr<McpClient> NpmServers::StartGuard(
    const std::string& server, const std::vector<std::string>& options,
    Era era) const {
  return McpClient::Start(GuardCommand(options, {FindNpmServer(server)}), era);
}

void NpmServers::ExpectSameAnswers(const std::string& server,
                                   const std::vector<ToolCase>& cases) {
  auto bare = McpClient::Start({FindNpmServer(server)});
  auto guarded = StartGuard(server, {"--policy", "read-only"});
  ASSERT_NE(bare, nullptr);
  ASSERT_NE(guarded, nullptr);
  for (const ToolCase& wanted : cases) {
    SCOPED_TRACE(wanted.tool + " " + wanted.arguments);
    JsonValue direct = bare->Call(wanted.tool, wanted.arguments);
    std::size_t mark = cluster_->Mark();
    JsonValue answer = guarded->Call(wanted.tool, wanted.arguments);
    EXPECT_EQ(ContentOf(answer), ContentOf(direct));
    EXPECT_NE(ContentOf(answer).find(wanted.holds), std::string::npos)
        << ContentOf(answer).substr(0, 600);
    EXPECT_FALSE(cluster_->Since(mark).empty());
  }
}

void NpmServers::ExpectRefused(McpClient& guarded,
                               const std::vector<ToolCase>& cases,
                               const ToolCase& alive) {
  for (const ToolCase& refused : cases) {
    SCOPED_TRACE(refused.tool + " " + refused.arguments);
    std::size_t mark = cluster_->Mark();
    JsonValue answer = guarded.Call(refused.tool, refused.arguments);
    EXPECT_NE(RefusalCode(answer), "") << answer.dump().substr(0, 600);
    for (const std::string& line : cluster_->Since(mark)) {
      ADD_FAILURE() << "the API saw " << line;
    }
  }
  JsonValue answer = guarded.Call(alive.tool, alive.arguments);
  EXPECT_NE(ContentOf(answer).find(alive.holds), std::string::npos)
      << answer.dump().substr(0, 600);
}

int NpmServers::Verify() const {
  cli::LineProcessSpec spec;
  spec.argv = {kGatehouse, "audit", "verify", "--db", Database()};
  auto process = cli::LineProcess::Start(spec);
  return process.ok() ? process.value().Finish(std::chrono::seconds(30)) : -1;
}

std::string ErrorCodeOf(const JsonValue& answer) {
  const JsonValue* error = Member(answer, "error");
  const JsonValue* data = error ? Member(*error, "data") : nullptr;
  return data ? std::string(StringMember(*data, "code").value_or("")) : "";
}

std::vector<std::string> ScopedToDev() {
  return {"--policy", "read-only-scoped", "--set", "scope.namespaces=dev"};
}

}  // namespace gatehouse::testing
