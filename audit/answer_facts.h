// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of a server's line before it is masked: whether what was asked
// for is secret whatever it looks like, and whether the policy lets it be seen.
// Kept by the session with each request in flight (proxy/session.h).

#include <cstdint>
#include <optional>
#include <string>

#include "audit/record.h"
#include "policy/json_value_fwd.h"
#include "policy/request.h"

namespace gatehouse::audit {

// What is known of a text beforehand; the later, the stricter.
enum class Origin : std::uint8_t {
  kOrdinary = 0,
  // It writes or is about Secrets: `data` is secret wherever it stands, also
  // without a `kind: Secret` beside it.
  kSecret,
  // An answer that is secret whatever it looks like: every value is, but those
  // that rules/redaction.yaml calls plain.
  kStrict,
  // The same, where whoever asked said how it looks: no value is plain.
  kShaped,
};

// Of arguments: whether the call itself writes Secrets or tokens.
Origin OriginOfArguments(const Classification& call);
// Of the answer. `arguments`: nullptr where there are none.
Origin OriginOfAnswer(const Classification& call, const JsonValue* arguments);

struct AnswerFacts {
  Origin origin = Origin::kOrdinary;
  // The policy lets the answer through unmasked.
  bool reveals = false;
  // Names and descriptions of tools, prompts and the like: keys in it are no
  // names of secrets.
  bool listing = false;
  // The server may ask a person here to open a link, which is theirs: it stays
  // as it is. The trail has only where it leads (proxy/server_requests.h).
  bool links = false;
};

struct MaskedLine {
  std::optional<std::string> line;  // nullopt: it may go as it is
  MaskCounts counts;
  std::uint64_t controls = 0;  // control characters in its texts
};

}  // namespace gatehouse::audit
