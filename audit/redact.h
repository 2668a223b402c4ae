// SPDX-License-Identifier: Apache-2.0
#pragma once
// Masks secrets: before a record is made, so that none reaches the disk, and in
// what a server sends, so that none reaches the model. What is secret is
// decided by origin first (a call that reads or writes Secrets or tokens), then
// by structure, by the names of keys and flags, by token formats, and by having
// been secret before in this session. The words and the formats are data:
// rules/redaction.yaml.
//
// A masked value reads `«masked KIND N bytes#tag»`; equal values of one session
// show equal tags. Masked JSON and YAML stay valid. It does not judge: a
// decision never depends on what this finds.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "audit/answer_facts.h"
#include "audit/record.h"
#include "policy/json_value_fwd.h"
#include "policy/request.h"
#include "policy/session_settings.h"

namespace gatehouse::audit {

class Hmac;             // audit/digest.h
struct RedactionRules;  // audit/redact_rules.h
class SecretGate;       // audit/secret_gate.h
class SeenValues;       // audit/seen_values.h
class ValueTag;         // audit/value_tag.h

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
  // `settings`: what the policy adds.
  Redactor(std::string_view key, std::string_view session,
           const SessionSettings& settings = {});
  // By rules that others of the same thread have, too: reading them, and
  // compiling their formats, is most of what a redactor takes.
  Redactor(std::string_view key, std::string_view session,
           std::shared_ptr<const RedactionRules> rules);
  ~Redactor();
  Redactor(Redactor&&) noexcept;
  Redactor& operator=(Redactor&&) noexcept;

  // The arguments of one tool call as canonical JSON without their secrets;
  // same shape, keys kept. `call` says what the arguments would do.
  MaskedText MaskArguments(const JsonValue& arguments,
                           const Classification& call) const;
  // The same of arguments that JsonWriter has written already.
  MaskedText MaskArgumentText(const std::string& json,
                              const Classification& call) const;

  // A whole line of the server, one JSON-RPC message that was validated before
  // (proxy/server_message). Remembers what it finds to be a Secret's value.
  MaskedLine MaskLine(std::string_view line, const AnswerFacts& facts) const;

  // Whether MaskLine might change a line, or learn from it, for what stands in
  // these bytes of it: of lines that pass on before their end is there. The
  // last kKeptBytes (redact_token.h) are to be asked of again, with what
  // follows them. Errs towards yes.
  bool MayChange(std::string_view bytes, const AnswerFacts& facts) const;

  // What a policy adds; from then on.
  void Use(const SessionSettings& settings);

  // For sentences, error texts and log lines: formats and assignments only.
  std::string MaskText(std::string_view text) const;

  // Applies MaskText to every free text of the record that may quote an
  // argument (decision's sentence, unclear's reason, request names, detail).
  // `arguments` is left alone: it must come from MaskArguments.
  void Clean(Record& record) const;

  // HMAC-SHA-256 in hex, keyed: proves equality of texts to whoever has the
  // key, and lets nobody else guess short ones.
  std::string Digest(std::string_view text) const;

 private:
  void UseRules(std::shared_ptr<const RedactionRules> rules);

  // Behind pointers, since what was seen grows while the session only looks.
  std::unique_ptr<Hmac> digest_;
  std::shared_ptr<const RedactionRules> rules_;
  std::unique_ptr<SecretGate> gate_;
  std::unique_ptr<SeenValues> seen_;
  std::unique_ptr<ValueTag> tag_;
  bool keeps_controls_ = false;
};

}  // namespace gatehouse::audit
