// SPDX-License-Identifier: Apache-2.0
#pragma once
// The demo's MCP client: a short real session over a guard's stdin and stdout.
// Speaks revision 2025-11-25; knows nothing of policies or of what the answers
// mean beyond allowed and denied.

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/line_process.h"
#include "policy/json_value.h"

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
  explicit DemoSession(LineProcess& guard) : guard_(guard) {}

  // initialize, notifications/initialized, tools/list.
  Result<DemoHello> Open();
  // `arguments` is a JSON object's text.
  Result<DemoAnswer> Call(std::string_view tool, std::string_view arguments);

 private:
  Result<JsonValue> Request(std::string_view method, std::string_view params);

  LineProcess& guard_;
  std::int64_t last_id_ = 0;
};

}  // namespace gatehouse::cli
