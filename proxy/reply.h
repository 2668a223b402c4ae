// SPDX-License-Identifier: Apache-2.0
#pragma once
// The lines that the guard itself writes: refused tool calls as results the
// model can read, everything else as JSON-RPC errors. Their shapes are a
// contract (cli.md, "run"). Every function returns one whole line with "\n".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/decision.h"
#include "policy/request.h"
#include "proxy/message.h"

namespace gatehouse {

// Why a tool call has no answer of the server. Borrows everything.
struct Denial {
  const Decision& decision;
  const std::vector<Request>& requests;
  std::string_view policy_hash;  // "" is printed as null
  std::uint64_t record = 0;      // 0: not recorded, printed as null
};

// The isError result of a refused tools/call.
std::string DeniedResult(const RpcId& id, Era era, const Denial& denial);

// The JSON-RPC error of any other refused request, which has no result to say
// so in: its `data` is what stands under `_meta` there.
std::string DeniedError(const RpcId& id, const Denial& denial);

// The isError result of a tools/call that was let through and whose answer is
// lost: `server-died`, `result-too-large`. `record` is its decision's.
std::string FailedResult(const RpcId& id, Era era, Code code,
                         std::string_view sentence, std::uint64_t record);

// The client did not declare the extension that it uses (2026-07-28). Here it
// can only be the one for tasks.
inline constexpr int kMissingCapability = -32021;

// A JSON-RPC error with data.code; no id: `"id":null`.
std::string ErrorLine(const std::optional<RpcId>& id, int rpc_code, Code code,
                      std::string_view sentence);

}  // namespace gatehouse
