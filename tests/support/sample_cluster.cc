// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sample_cluster.h"

#include <sstream>

#include "policy/json_value.h"

namespace gatehouse::testing {

std::unique_ptr<SampleCluster> SampleCluster::Start() {
  std::unique_ptr<SampleCluster> cluster(new SampleCluster);
  cluster->kubeconfig_ = cluster->folder_.File("kubeconfig");
  cluster->log_ = cluster->folder_.File("requests.log");
  cli::LineProcessSpec spec;
  spec.argv = {GATEHOUSE_BINARY_DIR "/gatehouse-sample-cluster",
               "--port",
               "0",
               "--log",
               cluster->log_,
               "--kubeconfig",
               cluster->kubeconfig_};
  spec.standard_error = cli::LineStderr::kShown;
  Result<cli::LineProcess> process = cli::LineProcess::Start(spec);
  if (!process.ok()) return nullptr;
  cluster->process_ =
      std::make_unique<cli::LineProcess>(std::move(process).value());
  Result<std::string> line =
      cluster->process_->ReadLine(std::chrono::seconds(20));
  if (!line.ok()) return nullptr;
  Result<JsonValue> ready = ParseJson(line.value());
  if (!ready.ok()) return nullptr;
  const JsonValue* port = Member(ready.value(), "port");
  if (port == nullptr) return nullptr;
  cluster->port_ = static_cast<int>(AsInteger(*port).value_or(0));
  return cluster;
}

std::size_t SampleCluster::Mark() const { return ReadFile(log_).size(); }

std::vector<std::string> SampleCluster::Since(std::size_t mark) const {
  std::istringstream text(ReadFile(log_).substr(mark));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace gatehouse::testing
