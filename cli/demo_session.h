// SPDX-License-Identifier: Apache-2.0
#pragma once
// The demo's session: a short real one over a guard's stdin and stdout. Knows
// nothing of policies or of what the answers
// mean beyond allowed and denied.

#include <string>
#include <string_view>

#include "cli/line_process.h"
#include "cli/mcp_client.h"

namespace gatehouse::cli {

enum class DemoOutcome {
  kFailed = 0,  // neither of the two: an error of the server or the cluster
  kAnswered,
  kRefused,  // the guard said no; `text` is its sentence
};

struct DemoAnswer {
  DemoOutcome outcome = DemoOutcome::kFailed;
  std::string text;
};

struct DemoHello {
  std::string server_name;
  std::string server_version;
  std::size_t tools = 0;
};

// Borrows the guard's process. One thread.
class DemoSession {
 public:
  explicit DemoSession(LineProcess& guard)
      : client_(guard.stream(), "gatehouse-demo") {}

  // initialize, notifications/initialized, tools/list.
  Result<DemoHello> Open();
  // `arguments` is a JSON object's text.
  Result<DemoAnswer> Call(std::string_view tool, std::string_view arguments);

 private:
  McpClient client_;
};

}  // namespace gatehouse::cli
