// SPDX-License-Identifier: Apache-2.0
#pragma once
// rules/redaction.yaml, read and compiled: which names and formats are secret.
// Constant data for redact_text and redact_tree; masks nothing itself.

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/issue.h"

namespace re2 {
class RE2;
}

namespace gatehouse::audit {

// A token format; `pattern` runs only where one of `literals` occurs. It is
// compiled at its first use, since most sessions never need it and every start
// would pay for it. One thread.
class TokenFormat {
 public:
  TokenFormat();
  ~TokenFormat();
  TokenFormat(TokenFormat&&) noexcept;

  const re2::RE2& Compiled() const;

  std::string kind;
  std::vector<std::string> literals;
  std::string pattern;

 private:
  mutable std::unique_ptr<const re2::RE2> compiled_;
};

using NameSet = std::set<std::string, std::less<>>;

// Immutable after reading.
struct RedactionRules {
  NameSet keys;
  std::vector<std::string> key_endings;
  NameSet key_exceptions;
  NameSet reference_keys;
  NameSet flags;
  NameSet assignment_flags;
  std::vector<TokenFormat> formats;

  // `name` as written: "DB_PASSWORD", "--token", "client-key-data".
  bool IsSecretKey(std::string_view name) const;
  bool IsSecretFlag(std::string_view name) const;
  bool IsAssignmentFlag(std::string_view name) const;
  bool IsReferenceKey(std::string_view name) const;
};

// nullptr where there are errors.
std::unique_ptr<const RedactionRules> ReadRedactionRules(
    const SourceText& source, Issues& issues);

// The embedded file; aborts where it is faulty (its test reads it first, and
// compiles its patterns).
std::unique_ptr<const RedactionRules> EmbeddedRedactionRules();

}  // namespace gatehouse::audit
