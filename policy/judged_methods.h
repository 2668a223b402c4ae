// SPDX-License-Identifier: Apache-2.0
#pragma once
// MCP's methods, beside tools/call, that rules decide: what `methods` can
// match. All others are forwarded without a rule or never.

#include <string_view>

namespace gatehouse {

struct JudgedMethod {
  std::string_view name;
  bool uri = false;     // it may name a resource's URI
  bool prompt = false;  // it may name a prompt
};

inline constexpr JudgedMethod kJudgedMethods[] = {
    {"resources/read", true, false},
    {"resources/subscribe", true, false},
    {"resources/unsubscribe", true, false},
    {"prompts/get", false, true},
    {"completion/complete", true, true},
    {"subscriptions/listen", true, false}};

}  // namespace gatehouse
