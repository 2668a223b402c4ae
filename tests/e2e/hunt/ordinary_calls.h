// SPDX-License-Identifier: Apache-2.0
#pragma once
// What people ask of each server every day: calls that must pass under the
// fences whose letters stand beside them (and be refused under the others),
// and what the hunt starts from when it makes hostile ones.

#include <span>
#include <string_view>

namespace gatehouse::testing {

struct OrdinaryCall {
  const char* tool;
  const char* arguments;  // JSON
  const char* passes;     // letters of fence.cc
};

// By the server's name: "mcp-server-kubernetes", "kubernetes-mcp-server",
// "kubectl".
std::span<const OrdinaryCall> OrdinaryCalls(std::string_view server);

}  // namespace gatehouse::testing
