// SPDX-License-Identifier: Apache-2.0
#pragma once
// Masks secrets in running text: command lines, sentences, error texts. Finds
// them by what stands before (`password:`, `--token`, `--from-literal=a=`) and
// by token formats. Structure is redact_tree's business.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "audit/redact_rules.h"

namespace gatehouse::audit {

// Borrows the rules and the key; collects counts. One call's masking.
class TextMasker {
 public:
  TextMasker(const RedactionRules& rules, std::string_view tag_key)
      : rules_(rules), tag_key_(tag_key) {}

  // `«masked KIND:NAME N bytes #tag»`; NAME is left out where it is "".
  std::string Mask(std::string_view kind, std::string_view name,
                   std::string_view secret);
  // The text without what is found to be secret in it.
  std::string MaskText(std::string_view text);
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
  std::string MaskNamed(std::string_view text);
  std::string MaskFormats(std::string text);
  std::string MaskFormat(const TokenFormat& format, std::string text);
  static Span ValueAfter(std::string_view text, Span word);

  const RedactionRules& rules_;
  std::string_view tag_key_;
  std::map<std::string, std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

}  // namespace gatehouse::audit
