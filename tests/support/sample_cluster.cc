// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sample_cluster.h"

#include <sstream>

#include "policy/json_value.h"

namespace gatehouse::testing {

std::unique_ptr<SampleCluster> SampleCluster::Start() {
  std::unique_ptr<SampleCluster> cluster(new SampleCluster);
  cluster->kubeconfig_ = cluster->folder_.File("kubeconfig");
  if (!cluster->Run({"--kubeconfig", cluster->kubeconfig_})) return nullptr;
  return cluster;
}

std::unique_ptr<SampleCluster> SampleCluster::StartWithTls(
    const TestAuthority& authority) {
  std::unique_ptr<SampleCluster> cluster(new SampleCluster);
  const TemporaryFolder& folder = cluster->folder_;
  const TestIdentity own = authority.IssueForServer();
  WriteFile(folder.File("server.crt"), own.certificate);
  WriteFile(folder.File("server.key"), own.key);
  WriteFile(folder.File("ca.crt"), authority.certificate());
  if (!cluster->Run({"--tls-certificate", folder.File("server.crt"),
                     "--tls-key", folder.File("server.key"), "--tls-clients",
                     folder.File("ca.crt")})) {
    return nullptr;
  }
  return cluster;
}

bool SampleCluster::Run(const std::vector<std::string>& options) {
  log_ = folder_.File("requests.log");
  cli::LineProcessSpec spec;
  spec.argv = {GATEHOUSE_BINARY_DIR "/gatehouse-sample-cluster", "--port", "0",
               "--log", log_};
  spec.argv.insert(spec.argv.end(), options.begin(), options.end());
  spec.standard_error = cli::LineStderr::kShown;
  Result<cli::LineProcess> process = cli::LineProcess::Start(spec);
  if (!process.ok()) return false;
  process_ = std::make_unique<cli::LineProcess>(std::move(process).value());
  Result<std::string> line = process_->ReadLine(std::chrono::seconds(20));
  if (!line.ok()) return false;
  Result<JsonValue> ready = ParseJson(line.value());
  if (!ready.ok()) return false;
  const JsonValue* port = Member(ready.value(), "port");
  if (port == nullptr) return false;
  port_ = static_cast<int>(AsInteger(*port).value_or(0));
  return true;
}

std::size_t SampleCluster::Mark() const { return ReadFile(log_).size(); }

std::vector<std::string> SampleCluster::Since(std::size_t mark) const {
  std::istringstream text(ReadFile(log_).substr(mark));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace gatehouse::testing
