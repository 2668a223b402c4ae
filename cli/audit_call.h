// SPDX-License-Identifier: Apache-2.0
#pragma once
// One call of the trail as `audit list` and `audit show` print it: the stored
// rows with their payloads read. Where a payload was erased, what the columns
// still say.

#include <optional>
#include <string>
#include <vector>

#include "audit/reader.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "policy/request.h"

namespace gatehouse::cli {

struct AuditCall {
  audit::StoredCall stored;
  JsonValue asked;       // the decision's payload; null where erased
  JsonValue came_of_it;  // the outcome's; null where there is none
  std::vector<Request> requests;
  // "ok", …; "unknown" for a forwarded call without an outcome; "" where
  // nothing was forwarded.
  std::string outcome;

  // A text field of the decision's payload, "" where absent.
  std::string Field(std::string_view key) const;
  // The client's name, as it says of itself.
  std::string Client() const;
  // The rule where one decided, else the code: the shortest answer to "why".
  std::string Why() const;
  // The payload that says what came of it: its own, where the outcome was asked
  // for by itself.
  const JsonValue& End() const;
  // Whether it went on to the server: allowed, or merely observed.
  bool WasForwarded() const;
  // Refused by a policy that was only observed: it went on all the same.
  bool Observed() const;
  // The tool, the event or the MCP method.
  std::string What() const;
  // "delete secrets dev/db; list pods dev": what may change something is first,
  // since narrow tables cut the rest off.
  std::string RequestsInShort() const;
};

// The outcome of a call whose outcome's payload is gone.
inline constexpr std::string_view kErasedOutcome = "erased";

AuditCall ReadCall(audit::StoredCall stored);

// What came of a call that was read without its end.
void AddOutcome(AuditCall& call, const audit::StoredRecord& record);

// {"seq", "time", …}: the stable form of a line of `audit list`.
void WriteCall(const AuditCall& call, JsonWriter& out);

}  // namespace gatehouse::cli
