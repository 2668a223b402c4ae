// SPDX-License-Identifier: Apache-2.0
#pragma once
// What both end-to-end tests of real MCP servers share: one stand-in cluster,
// and the two promises that are checked. What is allowed returns the server's
// own answer; of what is refused the API sees nothing.

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "tests/support/npm_servers.h"
#include "tests/support/sample_cluster.h"

namespace gatehouse::testing {

inline constexpr const char* kGoServer = "kubernetes-mcp-server";
inline constexpr const char* kNodeServer = "mcp-server-kubernetes";

struct ToolCase {
  std::string tool;
  std::string arguments;  // JSON
  std::string holds{};    // for allowed calls: what the answer must contain
};

// One cluster for the whole program; servers and guards per test.
class NpmServers : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  void SetUp() override;

  // The audit database of every guard of this program.
  std::string Database() const;
  std::vector<std::string> GuardCommand(
      const std::vector<std::string>& options,
      const std::vector<std::string>& server) const;
  std::unique_ptr<McpClient> StartGuard(const std::string& server,
                                        const std::vector<std::string>& options,
                                        Era era = Era::kLegacy) const;

  // Every call gives what the bare server gives, and does reach the API.
  void ExpectSameAnswers(const std::string& server,
                         const std::vector<ToolCase>& cases);

  // Every call is refused by the guard; the API sees no request at all; and
  // the server still answers `alive` afterwards.
  void ExpectRefused(McpClient& guarded, const std::vector<ToolCase>& cases,
                     const ToolCase& alive);

  // The exit code of `gatehouse audit verify`.
  int Verify() const;

  static std::unique_ptr<SampleCluster> cluster_;
};

// The code in the data of an error of the protocol; "" where there is none.
std::string ErrorCodeOf(const JsonValue& answer);

// The scoped preset, for namespace dev.
std::vector<std::string> ScopedToDev();

}  // namespace gatehouse::testing
