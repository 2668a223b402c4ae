// SPDX-License-Identifier: Apache-2.0
// Formats before names, since a key or a token says itself where it ends; what
// is masked by one is left alone by the next. Where a value's end is not
// certain, more is masked than must.
#include "audit/redact_text.h"

#include <re2/re2.h>

#include <algorithm>

#include "audit/digest.h"
#include "audit/name_letters.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxNameShown = 64;
constexpr std::size_t kShortestToken = 8;
constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kMaskStart = "\u00abmasked ";
constexpr std::string_view kMaskEnd = "\u00bb";

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

// Behind the mask that begins at `at`; npos where none does.
std::size_t EndOfMask(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with(kMaskStart)) return kNone;
  const std::size_t end = text.find(kMaskEnd, at);
  return end == kNone ? kNone : end + kMaskEnd.size();
}

bool IsQuote(char letter) { return letter == '"' || letter == '\''; }

bool IsAssigned(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == '\\' || IsQuote(text[at]) ||
                              text[at] == ' ' || text[at] == '\t')) {
    ++at;
  }
  return at < text.size() && (text[at] == ':' || text[at] == '=');
}

}  // namespace

std::string TextMasker::Mask(std::string_view kind, std::string_view name,
                             std::string_view secret) {
  ++counts_[std::string(kind)];
  ++total_;
  std::string text = "\u00abmasked " + std::string(kind);
  if (!name.empty() && name.size() <= kMaxNameShown)
    text += ":" + std::string(name);
  text += " " + std::to_string(secret.size()) + " bytes#";
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
  // A mask has blanks in it and is one word all the same.
  const std::size_t mask = EndOfMask(text, begin);
  const std::size_t end = text.find_first_of(one_word ? kSpace : "\r\n",
                                             mask == kNone ? begin : mask);
  return {begin, EndOr(end, text)};
}

std::string TextMasker::MaskNames(std::string text) {
  std::string out;
  const std::string_view all = text;
  std::size_t kept = 0;  // all before it stands in `out`
  std::size_t at = 0;
  while (at < all.size()) {
    if (!IsNameLetter(all[at])) {
      ++at;
      continue;
    }
    Span word{at, at};
    while (word.end < all.size() && IsNameLetter(all[word.end])) ++word.end;
    at = word.end;
    const std::string_view name = all.substr(word.begin, word.end - word.begin);
    if (!name.starts_with("--") && !IsAssigned(all, word.end)) continue;
    const bool assignment = rules_.IsAssignmentFlag(name);
    if (!assignment && !rules_.IsSecretFlag(name)) continue;
    const Span value = ValueAfter(all, word);
    if (value.begin >= value.end) continue;
    const std::string_view secret =
        all.substr(value.begin, value.end - value.begin);
    if (StandsForSecret(secret)) continue;
    out += all.substr(kept, value.begin - kept);
    out += assignment ? MaskAssignment(secret) : Mask("key", name, secret);
    kept = at = value.end;
  }
  if (kept == 0) return text;
  return out.append(all.substr(kept));
}

std::string TextMasker::MaskSeen(std::string text) {
  if (seen_.size() == 0) return text;
  std::string out;
  std::size_t kept = 0;
  while (true) {
    const SeenValues::Found found = seen_.Find(text, kept);
    if (found.begin == kNone) break;
    out.append(text, kept, found.begin - kept);
    out += Mask(
        "seen", "",
        std::string_view(text).substr(found.begin, found.end - found.begin));
    kept = found.end;
  }
  return kept == 0 ? text : out.append(text, kept);
}

// The pattern runs only round each place of one of its literals.
std::string TextMasker::MaskFormat(const TokenFormat& format,
                                   std::string text) {
  std::string out;
  std::size_t kept = 0;
  const re2::StringPiece all(text);
  re2::StringPiece found[2];
  std::vector<std::size_t> next(format.literals.size(), 0);
  for (std::size_t i = 0; i < next.size(); ++i) {
    next[i] = text.find(format.literals[i]);
  }
  while (!next.empty()) {
    const auto first = std::ranges::min_element(next);
    if (*first == kNone) break;
    const std::size_t at = *first;
    const auto literal =
        static_cast<std::size_t>(std::distance(next.begin(), first));
    const std::size_t begin =
        std::max(kept, at > format.lead ? at - format.lead : 0);
    const std::size_t end = format.window == 0
                                ? text.size()
                                : std::min(text.size(), at + format.window);
    const RE2& pattern = format.Compiled();
    const int groups = pattern.NumberOfCapturingGroups() > 0 ? 2 : 1;
    const auto anchor = format.lead == 0 ? RE2::ANCHOR_START : RE2::UNANCHORED;
    if (at >= kept && pattern.Match(all, begin, end, anchor, found, groups) &&
        !found[groups - 1].empty() && found[0].data() <= all.data() + at) {
      const re2::StringPiece secret = found[groups - 1];
      const auto start = static_cast<std::size_t>(secret.data() - all.data());
      out.append(text, kept, start - kept);
      out += Mask(format.kind, "", {secret.data(), secret.size()});
      kept = start + secret.size();
    }
    next[literal] = text.find(format.literals[literal], std::max(kept, at + 1));
  }
  return kept == 0 ? text : out.append(text, kept);
}

std::string TextMasker::MaskFormats(std::string text, std::uint64_t formats) {
  if (text.size() < kShortestToken) return text;
  for (std::size_t i = 0; i < rules_.formats.size(); ++i) {
    if ((formats >> i & 1) == 0) continue;
    text = MaskFormat(rules_.formats[i], std::move(text));
  }
  return text;
}

std::string TextMasker::MaskTokens(std::string_view text) {
  return MaskFormats(MaskSeen(std::string(text)), kAllFormats);
}

std::string TextMasker::MaskText(std::string_view text) {
  return MaskNames(MaskTokens(text));
}

bool StandsForSecret(std::string_view text) {
  return EndOfMask(text, 0) == text.size() || text == "<none>" ||
         text == "<nil>" || text == "null" ||
         text.starts_with("<set to the key '");
}

}  // namespace gatehouse::audit
