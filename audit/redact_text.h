// SPDX-License-Identifier: Apache-2.0
#pragma once
// Masks secrets in running text: command lines, sentences, error texts, logs.
// Finds them by having been secret before in this session, by token formats and
// by what stands before (`password:`, `--token`, `--from-literal=a=`).
// Structure is redact_tree's business.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "audit/redact_rules.h"
#include "audit/secret_gate.h"
#include "audit/seen_values.h"
#include "audit/text_edits.h"
#include "audit/value_tag.h"

namespace gatehouse::audit {

// A text that is a mask already, or names a secret by reference.
bool StandsForSecret(std::string_view text);

// Borrows the rules, the gate, the tag and the values seen; collects counts.
// One call's masking.
class TextMasker {
 public:
  TextMasker(const RedactionRules& rules, const SecretGate& gate, ValueTag& tag,
             const SeenValues& seen)
      : rules_(rules), gate_(gate), tag_(tag), seen_(seen) {}

  // `«masked KIND:NAME N bytes#tag»`; NAME is left out where it is "", or may
  // be secret itself. No " #" and no ": ", so that it is one word's end or one
  // scalar to YAML wherever it stands.
  std::string Mask(std::string_view kind, std::string_view name,
                   std::string_view secret);
  // The text without what is found to be secret in it.
  std::string MaskText(std::string_view text);
  // What was seen, and formats: what is secret wherever it stands.
  Edits MaskTokens(std::string_view text);
  // What was seen, and what stands behind names. `hits`: the text's own.
  Edits MaskWords(std::string_view text, const GateHits& hits);
  // One ground alone.
  Edits MaskSeen(std::string_view text, const GateHits& hits);
  Edits MaskFormats(std::string_view text, const GateHits& hits);
  // NAME=SECRET: masks all after the first "="; all where there is none.
  std::string MaskAssignment(std::string_view text);

  const RedactionRules& rules() const { return rules_; }
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
  std::uint64_t total() const { return total_; }

 private:
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  bool IsShown(std::string_view name) const;
  Edits MaskFormat(std::size_t format, std::string_view text,
                   const GateHits& hits);
  Edits MaskNames(std::string_view text, const GateHits& hits);
  std::size_t MaskNamesOfLine(std::string_view text, std::size_t at,
                              Edits& edits);
  static Span ValueAfter(std::string_view text, Span word);

  const RedactionRules& rules_;
  const SecretGate& gate_;
  ValueTag& tag_;
  const SeenValues& seen_;
  std::map<std::string, std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

}  // namespace gatehouse::audit
