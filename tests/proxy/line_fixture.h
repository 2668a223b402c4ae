// SPDX-License-Identifier: Apache-2.0
#pragma once
// The messages that several tests of the proxy are made of.

#include <string>
#include <string_view>

#include "policy/json_value.h"
#include "proxy/message.h"

namespace gatehouse {

inline JsonValue Json(std::string_view text) { return ParseJson(text).value(); }

inline Message MessageOf(std::string_view line) {
  return std::get<Message>(ReadMessage(Frame{line}));
}

inline std::string Handshake(std::string_view capabilities) {
  return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
         R"("protocolVersion":"2025-11-25","capabilities":)" +
         std::string(capabilities) + "}}";
}

inline std::string ModernCall(std::string_view capabilities,
                              std::string_view arguments = "{}") {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{)"
         R"("name":"read_pod","arguments":)" +
         std::string(arguments) +
         R"(,"_meta":{)"
         R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
         R"("io.modelcontextprotocol/clientCapabilities":)" +
         std::string(capabilities) + "}}}";
}

}  // namespace gatehouse
