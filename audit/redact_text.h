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
#include "audit/seen_values.h"

namespace gatehouse::audit {

// A bit for each of RedactionRules::formats.
inline constexpr std::uint64_t kAllFormats = ~std::uint64_t{0};

// A text that is a mask already, or names a secret by reference.
bool StandsForSecret(std::string_view text);

// Borrows the rules, the key and the values seen; collects counts. One call's
// masking.
class TextMasker {
 public:
  TextMasker(const RedactionRules& rules, std::string_view tag_key,
             const SeenValues& seen)
      : rules_(rules), tag_key_(tag_key), seen_(seen) {}

  // `«masked KIND:NAME N bytes#tag»`; NAME is left out where it is "". No " #"
  // and no ": ", so that it is one word's end or one scalar to YAML wherever it
  // stands.
  std::string Mask(std::string_view kind, std::string_view name,
                   std::string_view secret);
  // The text without what is found to be secret in it.
  std::string MaskText(std::string_view text);
  // Without what stands before it.
  std::string MaskTokens(std::string_view text);
  // One ground alone; of the formats those whose bits are set.
  std::string MaskSeen(std::string text);
  std::string MaskFormats(std::string text, std::uint64_t formats);
  std::string MaskNames(std::string text);
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
  std::string MaskFormat(const TokenFormat& format, std::string text);
  static Span ValueAfter(std::string_view text, Span word);

  const RedactionRules& rules_;
  std::string_view tag_key_;
  const SeenValues& seen_;
  std::map<std::string, std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

}  // namespace gatehouse::audit
