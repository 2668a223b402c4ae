// SPDX-License-Identifier: Apache-2.0
#pragma once
// One row of the trail before it is chained: what was asked, what was decided,
// or what came of it. Made by proxy/gate (decision) and proxy/return_gate
// (outcome), already redacted; sealed and stored by a Sink. A pure value.
//
// To add a field, touch: the struct here, WritePayload in record.cc,
// audit/FORMAT.md, tests/audit/record_test.cc.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/decision.h"
#include "policy/request.h"

namespace gatehouse::audit {

using Sequence = std::uint64_t;  // 1, 2, 3, … without a gap; 0 is "none"

enum class Stage : std::uint8_t {
  kEvent = 0,  // guard start and stop, server exit, a dropped frame, …
  kDecision,   // a message was judged; durable before anything leaves
  kOutcome,    // what came back for a forwarded call
};
std::string_view StageName(Stage stage);  // "event", "decision", "outcome"

enum class Outcome : std::uint8_t {
  kUnknown = 0,  // no answer was seen (crash, kill)
  kOk,
  kToolError,  // a result with isError
  kRpcError,   // a JSON-RPC error
  kCancelled,
  kTimeout,
  kServerDied,
};
std::string_view OutcomeName(Outcome outcome);

// How many values were masked, by kind ("secret", "key", "flag", "jwt", …).
using MaskCounts = std::map<std::string, std::uint64_t>;

// Fields that are "" or 0 do not apply and are left out of the payload.
struct Record {
  Stage stage = Stage::kEvent;
  std::int64_t time_ns = 0;  // UTC, nanoseconds since 1970
  std::string session;       // UUIDv7 of this guard process's session
  std::string call;          // UUIDv7; ties the outcome to its decision

  // Who. Verified by the kernel, but for client_*: self-reported.
  std::string os_user;
  std::uint32_t uid = 0;
  std::int64_t pid = 0;
  std::string kube_user;
  std::string context;
  std::string client_name;
  std::string client_version;

  // What.
  std::string event;             // stage kEvent: "guard start", "frame dropped"
  std::string method;            // MCP method
  std::string protocol_version;  // MCP revision, where known
  std::string rpc_id;            // JSON text of the id: `1` or `"a"`
  std::string server;            // profile name
  std::string tool;
  std::vector<Request> requests;
  std::optional<Unclear> unclear;
  std::string arguments;         // redacted JSON text
  std::string arguments_digest;  // keyed, over the unredacted canonical text
  std::string traceparent;

  // Decided (stage kDecision).
  std::optional<Decision> decision;
  std::string policy_hash;
  std::string mode;  // "enforce", "observe"

  // Came of it (stage kOutcome).
  std::optional<Outcome> outcome;
  std::uint64_t bytes = 0;
  std::int64_t duration_us = 0;
  std::string result_digest;
  MaskCounts masked;           // what was masked in the answer
  std::uint64_t controls = 0;  // control characters in its texts

  std::string detail;  // one sentence, redacted
};

// The record's payload: canonical JSON, the text that the chain commits to.
std::string WritePayload(const Record& record);

// Random (UUIDv7, RFC 9562): 48 bits of `unix_ms`, then randomness.
std::string NewUuidV7(std::int64_t unix_ms);

}  // namespace gatehouse::audit
