// SPDX-License-Identifier: Apache-2.0
#pragma once
// What several end-to-end tests share: lines that they send, and how far a
// long one is to go.

#include <cstddef>
#include <cstdlib>
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

// The number in the environment variable `name`, else `otherwise`.
inline std::size_t Setting(const char* name, std::size_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

inline bool Holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace gatehouse::testing
