// SPDX-License-Identifier: Apache-2.0
#pragma once
// rules/redaction.yaml, read and compiled: which names and formats are secret.
// Constant data for redact_text and redact_tree; masks nothing itself.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audit/name_letters.h"
#include "policy/issue.h"
#include "policy/session_settings.h"

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
  TokenFormat& operator=(TokenFormat&&) noexcept;

  const re2::RE2& Compiled() const;

  std::string kind;
  std::vector<std::string> literals;
  std::string pattern;
  bool optional = false;   // only where a policy names it
  std::size_t lead = 0;    // bytes before the literal that it may begin at
  std::size_t window = 0;  // bytes from the literal to look at; 0: all
  bool run = false;  // letters of a token follow: if it fails, so does what
                     // begins within them

 private:
  mutable std::unique_ptr<const re2::RE2> compiled_;
};

// A whole line; compiled at its first use. One thread.
class LinePattern {
 public:
  explicit LinePattern(std::string pattern);
  ~LinePattern();
  LinePattern(LinePattern&&) noexcept;

  bool Matches(std::string_view line) const;
  const std::string& pattern() const { return pattern_; }

 private:
  std::string pattern_;
  mutable std::unique_ptr<const re2::RE2> compiled_;
};

using NameSet = std::set<std::string, std::less<>>;

// Immutable after IndexNames.
struct RedactionRules {
  NameSet keys;
  std::vector<std::string> key_endings;
  NameSet key_exceptions;
  NameSet reference_keys;
  NameSet flags;
  NameSet assignment_flags;
  // Of answers that are secret whatever they look like: what is not.
  NameSet plain_keys;
  NameSet plain_maps;
  NameSet table_columns;
  std::vector<LinePattern> plain_lines;
  std::vector<TokenFormat> formats;

  // `name` as written: "DB_PASSWORD", "--token", "client-key-data".
  bool IsSecretKey(std::string_view name) const;
  bool IsSecretFlag(std::string_view name) const;
  bool IsAssignmentFlag(std::string_view name) const;
  // Any of the three.
  bool IsSecretName(std::string_view name) const;
  // False where no name ends as these bytes do.
  bool MayEndName(std::string_view bytes) const {
    // Signs may stand between its letters.
    constexpr std::size_t kEndBytes = 8;
    return HasEnd(NameEndOf(bytes.size() < kEndBytes
                                ? bytes
                                : bytes.substr(bytes.size() - kEndBytes)));
  }
  bool IsReferenceKey(std::string_view name) const;
  bool IsPlainKey(std::string_view name) const;
  bool IsPlainMap(std::string_view name) const;
  bool IsPlainLine(std::string_view line) const;

  // Once all names are there: remembers what they end with, so that most names
  // of an answer are told apart without being copied.
  void IndexNames();

 private:
  unsigned KindsOf(std::string_view name) const;
  bool HasEnd(std::size_t end) const {
    return (ends_[end >> 6] >> (end & 63) & 1) != 0;
  }

  // A bit for each way to end with three letters: whether some name does.
  std::vector<std::uint64_t> ends_;
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
      return std::hash<std::string_view>()(name);
    }
  };
  std::unordered_map<std::string, unsigned, NameHash, std::equal_to<>> kinds_;
};

// nullptr where there are errors.
std::unique_ptr<RedactionRules> ReadRedactionRules(const SourceText& source,
                                                   Issues& issues);

// The embedded file, and what a policy adds to it; aborts where it is faulty
// (its test reads it first, and compiles its patterns).
std::unique_ptr<const RedactionRules> EmbeddedRedactionRules(
    const SessionSettings& settings = {});

}  // namespace gatehouse::audit
