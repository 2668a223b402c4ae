// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a client's frame to a message, or why not: the stage after the framer
// and before the session. One strict walk (json_reader.h) yields the value
// that is judged and the canonical text that is forwarded; then the envelope
// rules of the shared design, protocol.md 2.1, numbers 6 to 9. It knows no
// methods but tools/call, and nothing of what is allowed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "policy/decision.h"
#include "policy/json_value.h"
#include "proxy/verdict.h"

namespace gatehouse {

// JSON-RPC's own error codes.
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;

// An id by type and value: its canonical JSON text, `1` or `"a"`, so that
// equal texts are equal ids and `"1"` is not `1`.
struct RpcId {
  std::string text;

  friend bool operator==(const RpcId&, const RpcId&) = default;
};

// Which shape of MCP a request speaks: with a handshake, or (2026-07-28) with
// its revision in each request. Decided for each request by itself.
enum class Era : std::uint8_t { kLegacy = 0, kModern };

enum class MessageKind : std::uint8_t {
  kRequest = 0,
  kNotification,
  kResponse
};

// A well-formed message. Owns everything; `params` and the like borrow.
struct Message {
  MessageKind kind = MessageKind::kRequest;
  std::optional<RpcId> id;  // of requests and responses
  std::string method;       // "" for responses
  JsonValue value;          // the whole object, as judged
  std::string canonical;    // the text to forward, without "\n"

  // nullptr where there are none. An object otherwise.
  const JsonValue* params() const;
  const JsonValue* meta() const;  // params._meta
  // Of tools/call: well-formed name, and the arguments object or nullptr.
  std::string_view tool() const;
  const JsonValue* arguments() const;
  // A tools/call whose answer is a tool result: with `params.task` (2025-11-25)
  // it is a task or an error.
  bool AnswersAsTool() const;
};

// A frame that must not go on. `sentence` names no value of the frame, and a
// key only where that is short and plain: it may be logged and recorded.
struct Refusal {
  Code code = Code::kMalformed;
  int rpc_code = kInvalidRequest;
  std::string sentence;
  std::optional<RpcId> id;    // where one could be read beyond doubt
  std::string method;         // likewise, else ""
  bool notification = false;  // a readable message without id: no answer
  // Of a sound tool call that there is no room for now: the model is told, as
  // of a denied one. Else the client is, by a JSON-RPC error.
  std::optional<Era> as_result = std::nullopt;
};

// The id of a JSON value: a string of at most 256 bytes without control
// characters, or an integer within 2^53; else nullopt.
std::optional<RpcId> ReadRpcId(const JsonValue& value);

// A line of blanks only: ignored in silence.
bool IsBlank(const Frame& frame);

// `frame` is whole and not blank. Never throws.
std::variant<Refusal, Message> ReadMessage(const Frame& frame);

}  // namespace gatehouse
