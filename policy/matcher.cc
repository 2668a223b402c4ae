// SPDX-License-Identifier: Apache-2.0
#include "policy/matcher.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>

namespace gatehouse {
namespace {

constexpr std::size_t kMaxPattern = 512;
constexpr std::int64_t kMaxProgramBytes = 1 << 20;

// Bytes of the character that begins `text`, which is not empty.
std::size_t CharacterSize(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() &&
         (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    ++size;
  }
  return size;
}

// Greedy with one place to return to: linear in practice and never worse than
// pattern times value, whatever a hostile value holds.
bool GlobMatches(std::string_view glob, std::string_view value) {
  std::size_t g = 0;
  std::size_t v = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (v < value.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = v;
    } else if (g < glob.size() && glob[g] == '?') {
      ++g;
      v += CharacterSize(value.substr(v));
    } else if (g < glob.size() && glob[g] == value[v]) {
      ++g;
      ++v;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      v = ++resume;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

// "" where `glob` means what its writer thinks it means.
std::string WhyBadGlob(std::string_view glob) {
  if (glob.starts_with('!')) {
    return "\"!\" does not negate; use `unless`";
  }
  bool blank = false;
  for (const char c : glob) {
    if (c == '[' || c == ']' || c == '{' || c == '}') {
      return "globs know * and ? only; write several entries, or an expression "
             "between slashes";
    }
    const auto byte = static_cast<unsigned char>(c);
    blank = blank || byte <= 0x20 || byte == 0x7F;
  }
  return blank ? "a pattern has no spaces or control characters" : "";
}

bool IsWildcard(char c) { return c == '*' || c == '?'; }

Error BadPattern(std::string why) {
  return {ErrorCode::kInvalid, std::move(why)};
}

}  // namespace

struct Pattern::Expression {
  explicit Expression(const std::string& text, const RE2::Options& options)
      : re(text, options) {}
  RE2 re;
};

Truth And(Truth a, Truth b) {
  if (a == Truth::kFalse || b == Truth::kFalse) return Truth::kFalse;
  return a == Truth::kTrue && b == Truth::kTrue ? Truth::kTrue
                                                : Truth::kUnknown;
}

Truth Or(Truth a, Truth b) { return Not(And(Not(a), Not(b))); }

Truth Not(Truth a) {
  if (a == Truth::kUnknown) return a;
  return a == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

Result<Pattern> Pattern::Compile(std::string_view text) {
  if (text.empty()) return BadPattern("a pattern is not empty");
  if (text.size() > kMaxPattern) return BadPattern("the pattern is too long");
  Pattern pattern;
  pattern.text_ = std::string(text);
  if (text.starts_with('/')) {
    if (text.size() < 3 || !text.ends_with('/')) {
      return BadPattern("an expression stands between two slashes");
    }
    RE2::Options options(RE2::Quiet);
    options.set_max_mem(kMaxProgramBytes);
    pattern.kind_ = Kind::kExpression;
    auto expression = std::make_shared<const Expression>(
        std::string(text.substr(1, text.size() - 2)), options);
    if (!expression->re.ok()) {
      return BadPattern("not an expression: " + expression->re.error());
    }
    pattern.expression_ = std::move(expression);
    return pattern;
  }
  if (std::string why = WhyBadGlob(text); !why.empty()) return BadPattern(why);
  if (text.find_first_not_of('*') == std::string_view::npos) {
    pattern.kind_ = Kind::kAny;
  } else if (std::ranges::any_of(text, IsWildcard)) {
    pattern.kind_ = Kind::kGlob;
  }
  return pattern;
}

Pattern Pattern::Literal(std::string_view text) {
  Pattern pattern;
  pattern.text_ = std::string(text);
  return pattern;
}

bool Pattern::Matches(std::string_view value) const noexcept {
  switch (kind_) {
    case Kind::kLiteral:
      return value == text_;
    case Kind::kAny:
      return true;
    case Kind::kGlob:
      return GlobMatches(text_, value);
    case Kind::kExpression:
      return RE2::FullMatch(re2::StringPiece(value.data(), value.size()),
                            expression_->re);
  }
  return false;
}

bool AnyMatches(const Patterns& patterns, std::string_view value) noexcept {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Pattern& p) { return p.Matches(value); });
}

bool HasAny(const Patterns& patterns) noexcept {
  return std::any_of(patterns.begin(), patterns.end(),
                     [](const Pattern& p) { return p.IsAny(); });
}

}  // namespace gatehouse
