// SPDX-License-Identifier: Apache-2.0
// Formats before names, since a key or a token says itself where it ends; what
// is masked by one is left alone by the next. Where a value's end is not
// certain, more is masked than must.
#include "audit/redact_text.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "audit/name_letters.h"
#include "audit/no_position.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxNameShown = 64;
constexpr std::size_t kMaxMaskBytes = 256;  // of our own masks
constexpr std::size_t kShortestToken = 8;
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
  const std::size_t end = text.substr(at, kMaxMaskBytes).find(kMaskEnd);
  return end == kNone ? kNone : at + end + kMaskEnd.size();
}

std::size_t EndOfRun(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '.' && IsNameLetter(text[at])) ++at;
  return at;
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
  std::string text(kMaskStart);
  text += kind;
  if (!name.empty() && name.size() <= kMaxNameShown && IsShown(name)) {
    text.append(":").append(name);
  }
  text.append(" ").append(std::to_string(secret.size())).append(" bytes#");
  return text.append(tag_.Of(secret)).append(kMaskEnd);
}

// A key may be a token itself, or what was seen.
bool TextMasker::IsShown(std::string_view name) const {
  const GateHits hits = gate_.Scan(name);
  return hits.formats == 0 && !hits.seen;
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

// The words of the line that begins at `at`; returns where to go on.
std::size_t TextMasker::MaskNamesOfLine(std::string_view text, std::size_t at,
                                        Edits& edits) {
  const std::size_t line_end = EndOr(text.find('\n', at), text);
  while (at < line_end) {
    if (!IsNameLetter(text[at])) {
      ++at;
      continue;
    }
    Span word{at, at};
    while (word.end < text.size() && IsNameLetter(text[word.end])) ++word.end;
    at = word.end;
    const std::string_view name =
        text.substr(word.begin, word.end - word.begin);
    if (!name.starts_with("--") && !IsAssigned(text, word.end)) continue;
    const bool assignment = rules_.IsAssignmentFlag(name);
    if (!assignment && !rules_.IsSecretFlag(name)) continue;
    const Span value = ValueAfter(text, word);
    if (value.begin >= value.end) continue;
    const std::string_view secret =
        text.substr(value.begin, value.end - value.begin);
    if (StandsForSecret(secret)) continue;
    edits.push_back(
        {value.begin, value.end,
         assignment ? MaskAssignment(secret) : Mask("key", name, secret)});
    at = value.end;
  }
  return at;
}

// Only lines with a spot in them have a name that counts.
Edits TextMasker::MaskNames(std::string_view text, const GateHits& hits) {
  Edits edits;
  std::size_t at = 0;
  if (hits.everywhere) {
    while (at < text.size()) at = MaskNamesOfLine(text, at, edits) + 1;
    return edits;
  }
  for (const GateSpot& spot : hits.spots) {
    if (spot.kind != SpotKind::kName || spot.at < at) continue;
    const std::size_t line =
        text.substr(0, spot.at).find_last_of('\n') + 1;  // npos + 1 is 0
    at = MaskNamesOfLine(text, std::max(line, at), edits);
  }
  return edits;
}

Edits TextMasker::MaskSeen(std::string_view text, const GateHits& hits) {
  Edits edits;
  if (!hits.seen) return edits;
  for (std::size_t at = 0;;) {
    const SeenValues::Found found = seen_.Find(text, at);
    if (found.begin == kNone) return edits;
    edits.push_back(
        {found.begin, found.end,
         Mask("seen", "", text.substr(found.begin, found.end - found.begin))});
    at = found.end;
  }
}

// The pattern runs only round each place of one of its literals.
Edits TextMasker::MaskFormat(std::size_t index, std::string_view text,
                             const GateHits& hits) {
  const TokenFormat& format = rules_.formats[index];
  const RE2& pattern = format.Compiled();
  const int groups = pattern.NumberOfCapturingGroups() > 0 ? 2 : 1;
  const re2::StringPiece all(text.data(), text.size());
  re2::StringPiece found[2];
  Edits edits;
  std::size_t kept = 0;
  std::size_t run = 0;  // where the letters end in which it cannot begin
  for (const GateSpot& spot : hits.spots) {
    if (spot.kind != SpotKind::kFormat || spot.format != index) continue;
    const std::size_t at = spot.at;
    if (at < kept || at < run) continue;
    std::size_t begin = std::max(kept, at > format.lead ? at - format.lead : 0);
    const std::size_t end = format.window == 0
                                ? text.size()
                                : std::min(text.size(), at + format.window);
    // Each place where it may begin by itself: a search would go over all of
    // the window, and the next one again.
    while (begin <= at &&
           !pattern.Match(all, begin, end, RE2::ANCHOR_START, found, groups)) {
      ++begin;
    }
    if (begin > at) {
      if (format.run) run = EndOfRun(text, at);
      continue;
    }
    const re2::StringPiece secret = found[groups - 1];
    if (secret.empty()) continue;
    const auto start = static_cast<std::size_t>(secret.data() - text.data());
    kept = start + secret.size();
    edits.push_back(
        {start, kept, Mask(format.kind, "", {secret.data(), secret.size()})});
  }
  return edits;
}

Edits TextMasker::MaskFormats(std::string_view text, const GateHits& hits) {
  StagedEdits edits(text);
  if (text.size() < kShortestToken) return {};
  GateHits left = hits;
  for (std::size_t i = 0; i < rules_.formats.size(); ++i) {
    if ((left.formats >> i & 1) == 0) continue;
    Edits more = MaskFormat(i, edits.now(), left);
    if (more.empty()) continue;
    edits.Add(std::move(more));
    if (left.formats >> i > 1) left = gate_.Scan(edits.now());
  }
  return edits.Take();
}

Edits TextMasker::MaskTokens(std::string_view text) {
  StagedEdits edits(text);
  GateHits hits = gate_.Scan(text);
  edits.Add(MaskSeen(text, hits));
  if (!edits.empty()) hits = gate_.Scan(edits.now());
  edits.Add(MaskFormats(edits.now(), hits));
  return edits.Take();
}

Edits TextMasker::MaskWords(std::string_view text, const GateHits& hits) {
  Edits seen = MaskSeen(text, hits);
  if (seen.empty()) return MaskNames(text, hits);
  StagedEdits edits(text);
  edits.Add(std::move(seen));
  edits.Add(MaskNames(edits.now(), gate_.Scan(edits.now())));
  return edits.Take();
}

std::string TextMasker::MaskText(std::string_view text) {
  StagedEdits edits(text);
  edits.Add(MaskTokens(text));
  edits.Add(MaskWords(edits.now(), gate_.Scan(edits.now())));
  return std::string(edits.now());
}

namespace {

// What `kubectl describe pod` shows for a variable from a Secret, all of it
// (kubectl pkg/describe, describeContainerEnvVars): what only begins like this
// may hold anything.
bool IsReference(std::string_view text) {
  constexpr std::string_view kStart = "<set to the key '";
  constexpr std::size_t kLongest = 600;  // two names of 253, and the words
  if (!text.starts_with(kStart) || text.size() > kLongest) return false;
  static const RE2 whole(
      "<set to the key '[-._a-zA-Z0-9]+' (in secret|of config map) "
      "'[-.a-z0-9]+'>([ \\t]+Optional:[ \\t]+(true|false))?");
  return RE2::FullMatch(text, whole);
}

}  // namespace

bool StandsForSecret(std::string_view text) {
  return EndOfMask(text, 0) == text.size() || text == "<none>" ||
         text == "<nil>" || text == "null" || IsReference(text);
}

}  // namespace gatehouse::audit
