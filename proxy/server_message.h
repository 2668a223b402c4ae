// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a server's line to what the return gate must know of it: which message
// it is and whom it answers. The whole line is checked (UTF-8, grammar, one
// closed envelope) and nothing of it is built: answers may be megabytes, and
// they are relayed byte for byte. proxy/line_scanner does the reading.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "proxy/message.h"

namespace gatehouse {

struct ServerMessage {
  MessageKind kind = MessageKind::kRequest;
  std::optional<RpcId> id;
  std::string method;          // "" of responses
  bool is_error = false;       // a JSON-RPC error
  bool is_tool_error = false;  // a result with "isError": true
  // resultType comes twice, with escapes or in letters of another case: readers
  // take it for this or for that.
  bool has_odd_result_type = false;
  std::string result_type;   // 2026-07-28: "complete", "input_required", …
  bool asks_client = false;  // the result has `inputRequests`
  std::string_view result;   // its text, within the line; "" where none
};

// Why a line is not one. Names nothing that stands in it.
struct ServerFault {
  std::string sentence;
};

// `line` without its end; what is returned borrows from it.
std::variant<ServerFault, ServerMessage> ReadServerMessage(
    std::string_view line);

}  // namespace gatehouse
