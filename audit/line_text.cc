// SPDX-License-Identifier: Apache-2.0
#include "audit/line_text.h"

#include <array>

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxKeyBytes = 128;

// Letters of a plain key. A space is none: such a line is prose, as is a log's.
constexpr std::array<bool, 256> KeyLetters() {
  std::array<bool, 256> letters{};
  for (int c = '!'; c < 0x7F; ++c) letters[static_cast<std::size_t>(c)] = true;
  for (const char c : {'"', '\'', '{', '}', '[', ']', ',', '=', '#', '&', '*',
                       '|', '>', '`', '\\'}) {
    letters[static_cast<unsigned char>(c)] = false;
  }
  return letters;
}
constexpr std::array<bool, 256> kKeyLetters = KeyLetters();

}  // namespace

LineText::KeySpan LineText::KeyAt(std::size_t at) const {
  KeySpan key;
  const char quote = At(at);
  std::size_t end = at;
  if (quote == '"' || quote == '\'') {
    end = QuotedEnd(at, kNone);
    if (end == kNone) return key;
    key.begin = at + 1;
    key.end = end - 1;
  } else {
    // A line's end is none of its letters.
    const std::size_t limit = std::min(text_.size(), at + kMaxKeyBytes);
    while (end < limit && kKeyLetters[static_cast<unsigned char>(text_[end])] &&
           (text_[end] != ':' ||
            (At(end + 1) != ' ' && !EndsAt(end + 1) && At(end + 1) != '\t'))) {
      ++end;
    }
    key.begin = at;
    key.end = end;
  }
  const bool colon =
      key.begin < key.end && At(end) == ':' &&
      (At(end + 1) == ' ' || At(end + 1) == '\t' || EndsAt(end + 1));
  if (colon) key.after = end + 1;
  return key;
}

// A line that a value of a key at `column` may go on in; npos: none may.
bool LineText::IsDeeper(std::size_t line, std::size_t column) const {
  const std::size_t first = SkipSpaces(line);
  return column != kNone && (EndsAt(first) || first - line > column);
}

// Behind the closing quote; npos where there is none.
std::size_t LineText::QuotedEnd(std::size_t at, std::size_t column) const {
  const char quote = text_[at];
  for (std::size_t i = at + 1; i < text_.size(); ++i) {
    if (text_[i] == '\n') {
      if (!IsDeeper(i + 1, column)) return kNone;
    } else if (quote == '"' && text_[i] == '\\') {
      if (At(i + 1) != '\n') ++i;
    } else if (text_[i] == quote) {
      if (quote == '"' || At(i + 1) != quote) return i + 1;
      ++i;
    }
  }
  return kNone;
}

// Behind the closing bracket; npos where there is none.
std::size_t LineText::FlowEnd(std::size_t at, std::size_t column) const {
  int depth = 0;
  for (; at < text_.size(); ++at) {
    const char c = text_[at];
    if (c == '\n' && !IsDeeper(at + 1, column)) return kNone;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at + 1;
  }
  return kNone;
}

bool LineText::EndsValue(std::size_t end) const {
  return EndsAt(SkipSpaces(end)) || At(SkipSpaces(end)) == '#';
}

LineText::Properties LineText::SkipProperties(std::size_t at) const {
  Properties found;
  while (At(at) == '&' || At(at) == '!') {
    found.anchored = found.anchored || At(at) == '&';
    while (!EndsAt(at) && At(at) != ' ') ++at;
    at = SkipSpaces(at);
  }
  found.after = at;
  return found;
}

// The end of the last line that belongs to the block whose mark is at `at`,
// without its line break.
std::size_t LineText::BlockEnd(std::size_t at, std::size_t column) const {
  std::size_t end = LineEnd(at);
  std::size_t line = end + 1;
  while (line < text_.size()) {
    const std::size_t first = SkipSpaces(line);
    const std::size_t line_end = LineEnd(line);
    if (!EndsAt(first)) {
      if (first - line <= column) break;
      end = line_end;
    }
    line = line_end + 1;
  }
  return end;
}

std::size_t LineText::PlainEnd(std::size_t at) const {
  std::size_t end = LineEnd(at);
  const std::size_t comment = text_.substr(0, end).find(" #", at);
  if (comment != kNone) end = comment;
  while (end > at && (At(end - 1) == ' ' || At(end - 1) == '\r')) --end;
  return end;
}

}  // namespace gatehouse::audit
