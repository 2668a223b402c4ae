// SPDX-License-Identifier: Apache-2.0
#pragma once
// The lines that several end-to-end tests send.

#include <string>
#include <string_view>

namespace gatehouse::testing {

inline constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":"init","method":"initialize","params":{)"
    R"("protocolVersion":"2025-11-25","capabilities":{},)"
    R"("clientInfo":{"name":"test","version":"1"}}})";

inline std::string ListPods(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":"list_pods",)"
         R"("arguments":{"namespace":"dev"}}})";
}

inline bool Holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace gatehouse::testing
