// SPDX-License-Identifier: Apache-2.0
// Names before formats: `--token eyJ…` is one secret, not a flag with a mask
// for its value. Where a value's end is not certain, more is masked than must.
#include "audit/redact_text.h"

#include <re2/re2.h>

#include <algorithm>

#include "audit/digest.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxNameShown = 64;
constexpr std::size_t kShortestToken = 8;
constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kWordLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
constexpr std::string_view kSpace = " \t\r\n";

std::size_t EndOr(std::size_t position, std::string_view text) {
  return position == kNone ? text.size() : position;
}

// The end of a quoted text whose opening quote is at `open`.
std::size_t EndOfQuoted(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[open]) {
      return i;
    }
  }
  return text.size();
}

bool IsQuote(char letter) { return letter == '"' || letter == '\''; }

}  // namespace

std::string TextMasker::Mask(std::string_view kind, std::string_view name,
                             std::string_view secret) {
  ++counts_[std::string(kind)];
  ++total_;
  std::string text = "\u00abmasked " + std::string(kind);
  if (!name.empty() && name.size() <= kMaxNameShown)
    text += ":" + std::string(name);
  text += " " + std::to_string(secret.size()) + " bytes #";
  return text + Hex(HmacSha256(tag_key_, secret).substr(0, 2)) + "\u00bb";
}

std::string TextMasker::MaskAssignment(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == kNone) return Mask("flag", "", text);
  return std::string(text.substr(0, equals + 1)) +
         Mask("flag", text.substr(0, equals), text.substr(equals + 1));
}

// The value that a secret name is followed by; empty where none follows.
//   name=value  name: rest of line  "name": "value"  --name value
TextMasker::Span TextMasker::ValueAfter(std::string_view text, Span word) {
  const Span none{word.end, word.end};
  std::size_t at = text.find_first_not_of("\\\"'", word.end);
  at = EndOr(text.find_first_not_of(" \t", EndOr(at, text)), text);
  if (at == text.size()) return none;
  const char mark = text[at];
  const bool assigned = mark == '=' || mark == ':';
  const bool is_flag = text.substr(word.begin).starts_with("--");
  if (!assigned && (!is_flag || at == word.end || mark == '-')) return none;
  std::size_t begin = assigned ? at + 1 : at;
  const bool tight = assigned && mark == '=' && at == word.end &&
                     begin < text.size() && kSpace.find(text[begin]) == kNone;
  begin = EndOr(text.find_first_not_of(" \t\\", begin), text);
  if (begin == text.size()) return none;
  if (IsQuote(text[begin])) return {begin + 1, EndOfQuoted(text, begin)};
  // A block scalar's lines follow; where they end, only YAML knows.
  if (mark == ':' && (text[begin] == '|' || text[begin] == '>')) {
    return {begin, text.size()};
  }
  const bool one_word = tight || !assigned;
  const std::size_t end = text.find_first_of(one_word ? kSpace : "\r\n", begin);
  return {begin, EndOr(end, text)};
}

std::string TextMasker::MaskNamed(std::string_view text) {
  std::string out;
  std::size_t kept = 0;  // all before it stands in `out`
  std::size_t at = 0;
  while ((at = text.find_first_of(kWordLetters, at)) != kNone) {
    const Span word{at, EndOr(text.find_first_not_of(kWordLetters, at), text)};
    const std::string_view name =
        text.substr(word.begin, word.end - word.begin);
    at = word.end;
    const bool assignment = rules_.IsAssignmentFlag(name);
    if (!assignment && !rules_.IsSecretFlag(name)) continue;
    const Span value = ValueAfter(text, word);
    if (value.begin >= value.end) continue;
    const std::string_view secret =
        text.substr(value.begin, value.end - value.begin);
    out += text.substr(kept, value.begin - kept);
    out += assignment ? MaskAssignment(secret) : Mask("key", name, secret);
    kept = at = value.end;
  }
  if (kept == 0) return std::string(text);
  return out.append(text.substr(kept));
}

std::string TextMasker::MaskFormat(const TokenFormat& format,
                                   std::string text) {
  std::string out;
  re2::StringPiece rest(text);
  re2::StringPiece found[2];
  const RE2& pattern = format.Compiled();
  const int groups = pattern.NumberOfCapturingGroups() > 0 ? 2 : 1;
  while (pattern.Match(rest, 0, rest.size(), RE2::UNANCHORED, found, groups)) {
    const re2::StringPiece secret = found[groups - 1];
    if (secret.empty()) break;
    out.append(rest.data(), secret.data());
    out += Mask(format.kind, "", {secret.data(), secret.size()});
    rest.remove_prefix(static_cast<std::size_t>(secret.data() - rest.data()) +
                       secret.size());
  }
  return out.append(rest.data(), rest.size());
}

std::string TextMasker::MaskFormats(std::string text) {
  if (text.size() < kShortestToken) return text;
  for (const TokenFormat& format : rules_.formats) {
    const bool may_occur = std::ranges::any_of(
        format.literals, [&text](const std::string& literal) {
          return text.find(literal) != std::string::npos;
        });
    if (may_occur) text = MaskFormat(format, std::move(text));
  }
  return text;
}

std::string TextMasker::MaskText(std::string_view text) {
  return MaskFormats(MaskNamed(text));
}

}  // namespace gatehouse::audit
