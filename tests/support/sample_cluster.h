// SPDX-License-Identifier: Apache-2.0
#pragma once
// The stand-in Kubernetes API of the end-to-end tests, as a process of its own
// (gatehouse-sample-cluster), and what was asked of it.

#include <memory>
#include <string>
#include <vector>

#include "cli/line_process.h"
#include "tests/support/process_census.h"
#include "tests/support/test_authority.h"

namespace gatehouse::testing {

// Owns the process and its folder. One thread.
class SampleCluster {
 public:
  // nullptr where it does not come up.
  static std::unique_ptr<SampleCluster> Start();
  // With TLS, of this authority's making: whoever asks shows a certificate of
  // it, or a token. Writes no kubeconfig; lines of the log end in " as NAME",
  // the certificate's, or " as token".
  static std::unique_ptr<SampleCluster> StartWithTls(
      const TestAuthority& authority);

  const std::string& kubeconfig() const { return kubeconfig_; }
  int port() const { return port_; }
  // For files of the test, gone with the cluster.
  const TemporaryFolder& folder() const { return folder_; }

  // A place in the log; Since gives the lines "METHOD path?query -> status"
  // that came after it. Whoever has an answer finds its line there.
  std::size_t Mark() const;
  std::vector<std::string> Since(std::size_t mark) const;

 private:
  SampleCluster() = default;
  bool Run(const std::vector<std::string>& options);

  TemporaryFolder folder_;
  std::string kubeconfig_;
  std::string log_;
  int port_ = 0;
  std::unique_ptr<cli::LineProcess> process_;
};

}  // namespace gatehouse::testing
