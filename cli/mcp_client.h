// SPDX-License-Identifier: Apache-2.0
#pragma once
// A small MCP client of revision 2025-11-25: for `gatehouse demo`, the commands
// that ask a server for its tools, and the end-to-end tests. It declares
// nothing, answers nothing, and takes what a server says for what it is: the
// text of strangers.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/line_stream.h"
#include "policy/json_value_fwd.h"
#include "policy/result.h"

namespace gatehouse::cli {

// What the server says of itself.
struct ServerHello {
  std::string name;
  std::string version;
};

// Borrows the stream. One thread.
class McpClient {
 public:
  // A server from npm may take seconds to come up on a busy machine.
  static constexpr std::chrono::seconds kPatience{60};

  McpClient(LineStream& stream, std::string_view client_name)
      : stream_(stream), client_name_(client_name) {}

  // initialize, notifications/initialized. kBusy where no answer came within
  // `patience`, whatever else did.
  Result<ServerHello> Open(std::chrono::milliseconds patience = kPatience);
  // The whole answer to one request, a result or an error; what comes before it
  // is stepped over. `params` is a JSON object's text.
  Result<JsonValue> Ask(std::string_view method, std::string_view params,
                        std::chrono::milliseconds patience = kPatience);
  // The result of one request; kUnsupported where the server answers with an
  // error.
  Result<JsonValue> Request(std::string_view method, std::string_view params,
                            std::chrono::milliseconds patience = kPatience);
  // The entries of all pages of tools/list, as they came.
  Result<std::vector<JsonValue>> ListTools();

 private:
  LineStream& stream_;
  std::string client_name_;
  std::int64_t last_id_ = 0;
};

}  // namespace gatehouse::cli
