// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the real MCP servers from npm are, and the guard's own MCP client at
// one of them: bare, or behind the guard. Revisions 2025-11-25 and 2026-07-28.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/line_process.h"
#include "cli/mcp_client.h"
#include "policy/json_value.h"

namespace gatehouse::testing {

// The program of that name: in $GATEHOUSE_NPM (a folder of programs, or one
// with node_modules/.bin), in build/npm of the source tree, on PATH; else "",
// and the test fails with kServersMissing.
std::string FindNpmServer(const std::string& name);
// An older version of the same, from the folder "older" beside; else "".
std::string FindOlderNpmServer(const std::string& name);
inline constexpr const char* kServersMissing =
    "the MCP servers from npm are not there: run scripts/install-test-servers";

enum class Era { kLegacy = 0, kModern };

// Owns the process. One thread. Failures are answers without a member
// "result", with the cause under "failed".
class McpClient {
 public:
  // nullptr where it cannot be started or its first exchange fails.
  static std::unique_ptr<McpClient> Start(const std::vector<std::string>& argv,
                                          Era era = Era::kLegacy);

  // The whole answer. `arguments` and `params` are JSON objects' texts.
  JsonValue Call(std::string_view tool, std::string_view arguments);
  JsonValue Request(std::string_view method, std::string_view params);
  // Sends bytes as they are (with "\n"), and gives the next line that comes.
  JsonValue Raw(const std::string& bytes);

  cli::LineProcess& process() { return process_; }

 private:
  McpClient(cli::LineProcess process, Era era)
      : process_(std::move(process)), era_(era) {}
  bool Open();
  std::string WithMeta(std::string_view params) const;

  cli::LineProcess process_;
  cli::McpClient client_{process_.stream(), "gatehouse-test"};
  Era era_;
};

// The texts of a tool result's content, joined; ages ("25m", "3d") masked, so
// that two answers a second apart compare equal.
std::string ContentOf(const JsonValue& answer);
// "" or the guard's reason code, where the answer is a refusal of its own.
std::string RefusalCode(const JsonValue& answer);

}  // namespace gatehouse::testing
