// SPDX-License-Identifier: Apache-2.0
#pragma once
// The strict walk over a client's line: the door to nlohmann's SAX parser. In
// one pass it refuses every form that two parsers may read differently
// (shared design, protocol.md 2.1, numbers 1 to 6 and 10), builds the value
// that is judged, and writes the canonical text that is forwarded. It knows
// nothing of JSON-RPC but where an id stands, so that a refusal can be
// answered.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "policy/decision.h"
#include "policy/json_value.h"

namespace gatehouse {

struct JsonLimits {
  std::size_t max_depth = 64;
  std::size_t max_members = 10'000;  // of one object or array
  std::size_t max_values = 200'000;  // of the whole text
};

struct StrictJson {
  JsonValue value;
  // Compact, ASCII, members in their order, float lexemes as they were.
  std::string canonical;
};

// Why a line was not read.
struct JsonFault {
  Code code = Code::kMalformed;
  bool is_json = false;  // JSON by RFC 8259, but refused: not a parse error
  std::string sentence;
  // The top-level members "id" (its canonical JSON text, strings and integers
  // only) and "method", where the line is JSON and each stands there once.
  std::optional<std::string> id;
  std::optional<std::string> method;
  // Has a top-level result or error and no method: its id is the server's.
  bool is_response = false;
};

// `text` is one line without its end. Never throws.
std::variant<JsonFault, StrictJson> ReadStrictJson(
    std::string_view text, const JsonLimits& limits = {});

}  // namespace gatehouse
