// SPDX-License-Identifier: Apache-2.0
#pragma once
// Patterns over names: literals, globs (`*`, `?`) and `/…/` expressions, all
// matched against the whole value; and the three-valued logic that rules are
// matched in. The door to RE2. Patterns are compiled when a policy is loaded;
// matching cannot fail.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/result.h"

namespace gatehouse {

// Whether something holds of a request. The zero value grants nothing; a deny
// treats kUnknown as kTrue.
enum class Truth : std::uint8_t { kUnknown = 0, kFalse, kTrue };
Truth And(Truth a, Truth b);
Truth Or(Truth a, Truth b);
Truth Not(Truth a);
inline Truth TruthOf(bool value) {
  return value ? Truth::kTrue : Truth::kFalse;
}

// A value; cheap to copy (a compiled expression is shared). Any thread.
class Pattern {
 public:
  // kInvalid, with a clause for an issue, where `text` is neither a glob nor an
  // expression that compiles within the memory cap.
  static Result<Pattern> Compile(std::string_view text);

  // True of this very text, whatever characters it has.
  static Pattern Literal(std::string_view text);

  bool Matches(std::string_view value) const noexcept;
  // `*` alone: true of every value.
  bool IsAny() const { return kind_ == Kind::kAny; }
  // No wildcard: true of this one word only.
  bool IsLiteral() const { return kind_ == Kind::kLiteral; }
  const std::string& text() const { return text_; }

 private:
  enum class Kind : std::uint8_t { kLiteral = 0, kAny, kGlob, kExpression };
  struct Expression;

  Kind kind_ = Kind::kLiteral;
  std::string text_;
  std::shared_ptr<const Expression> expression_;
};

using Patterns = std::vector<Pattern>;
bool AnyMatches(const Patterns& patterns, std::string_view value) noexcept;
bool HasAny(const Patterns& patterns) noexcept;

}  // namespace gatehouse
