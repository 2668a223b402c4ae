// SPDX-License-Identifier: Apache-2.0
#pragma once
// Masks secrets before a record is made: between policy/engine's decision and
// audit/sink, so that no secret reaches the disk. What is secret is decided by
// origin first (a call that writes Secrets or tokens), then by structure, by
// the names of keys and flags, and last by token formats. The words and the
// formats are data: rules/redaction.yaml.
//
// A masked value reads `«masked KIND N bytes #tag»`; equal values of one
// session show equal tags. Masked JSON and YAML stay valid. It does not judge:
// a decision never depends on what this finds.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "audit/record.h"
#include "policy/json_value.h"
#include "policy/request.h"

namespace gatehouse::audit {

struct RedactionRules;  // audit/redact_rules.h

struct MaskedText {
  std::string text;
  MaskCounts counts;
};

// Owns its keys and the compiled rules. Const methods; one thread. Cannot
// fail: what cannot be read and may hold a secret is masked as a whole.
class Redactor {
 public:
  // `key`: the database's secret bytes (key_file.h). `session` makes the tags
  // of two sessions incomparable; the digests stay comparable.
  Redactor(std::string_view key, std::string_view session);
  ~Redactor();
  Redactor(Redactor&&) noexcept;
  Redactor& operator=(Redactor&&) noexcept;

  // The arguments of one tool call as canonical JSON without their secrets;
  // same shape, keys kept. `call` says what the arguments would do.
  MaskedText MaskArguments(const JsonValue& arguments,
                           const Classification& call) const;

  // For sentences, error texts and log lines: formats and assignments only.
  std::string MaskText(std::string_view text) const;

  // The record with MaskText applied to every free text that may quote an
  // argument (decision's sentence, unclear's reason, request names, detail).
  // `arguments` is left alone: it must come from MaskArguments.
  Record Clean(Record record) const;

  // HMAC-SHA-256 in hex, keyed: proves equality of texts to whoever has the
  // key, and lets nobody else guess short ones.
  std::string Digest(std::string_view text) const;

 private:
  std::string digest_key_;
  std::string tag_key_;
  std::unique_ptr<const RedactionRules> rules_;
};

}  // namespace gatehouse::audit
