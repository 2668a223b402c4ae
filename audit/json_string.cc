// SPDX-License-Identifier: Apache-2.0
#include "audit/json_string.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace gatehouse::audit {
namespace {

std::optional<std::uint32_t> HexUnit(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  std::uint32_t unit = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = text[i];
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a') + 10;
    } else {
      return std::nullopt;
    }
    unit = unit << 4 | digit;
  }
  return unit;
}

void AppendUtf8(std::uint32_t point, std::string& out) {
  const auto put = [&out](std::uint32_t byte) {
    out += static_cast<char>(byte);
  };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

// The escape whose backslash is at `at`; returns where it ends.
std::size_t AppendEscape(std::string_view text, std::size_t at,
                         std::string& out) {
  constexpr std::string_view kLetters = "bfnrt\"\\/";
  constexpr std::string_view kMeant = "\b\f\n\r\t\"\\/";
  if (at + 1 >= text.size()) {
    out += '\\';
    return at + 1;
  }
  const std::size_t letter = kLetters.find(text[at + 1]);
  if (letter != std::string_view::npos) {
    out += kMeant[letter];
    return at + 2;
  }
  const auto unit = text[at + 1] == 'u' ? HexUnit(text, at + 2) : std::nullopt;
  if (!unit) {
    out += '\\';
    return at + 1;
  }
  std::uint32_t point = *unit;
  std::size_t end = at + 6;
  if (point >= 0xD800 && point < 0xDC00 && text.substr(end, 2) == "\\u") {
    const auto low = HexUnit(text, end + 2);
    if (low && *low >= 0xDC00 && *low < 0xE000) {
      point = 0x10000 + ((point - 0xD800) << 10) + (*low - 0xDC00);
      end += 6;
    }
  }
  AppendUtf8(point, out);
  return end;
}

// Three bytes for a surrogate: escaped, since they are no UTF-8.
bool IsSurrogate(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] == '\xED' &&
         static_cast<unsigned char>(text[at + 1]) >= 0xA0;
}

void AppendUnit(std::uint32_t unit, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[unit >> shift & 0xF];
}

// A place in an escaped text, and the same in what it says.
class EscapedPlace {
 public:
  explicit EscapedPlace(std::string_view escaped)
      : escaped_(escaped), next_(Find(0)) {}

  // False where that is in the middle of an escape.
  bool MoveTo(std::size_t plain) {
    while (true) {
      if (plain - plain_ <= next_ - at_) {
        at_ += plain - plain_;
        plain_ = plain;
        return true;
      }
      if (next_ == escaped_.size()) return false;
      std::string meant;
      const std::size_t end = AppendEscape(escaped_, next_, meant);
      plain_ += next_ - at_ + meant.size();
      at_ = end;
      next_ = Find(end);
      if (plain_ > plain) return false;
    }
  }
  std::size_t at() const { return at_; }

 private:
  std::size_t Find(std::size_t from) const {
    return std::min(escaped_.find('\\', from), escaped_.size());
  }

  std::string_view escaped_;
  std::size_t next_;  // the first escape at or behind `at_`
  std::size_t at_ = 0;
  std::size_t plain_ = 0;
};

std::string Escaped(std::string_view text) {
  const bool plain = std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' ||
           c == '\xED';
  });
  if (plain) return std::string(text);
  const std::string quoted = QuoteJson(text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

Edits EscapedEdits(std::string_view escaped, const Edits& edits) {
  Edits moved;
  moved.reserve(edits.size());
  EscapedPlace place(escaped);
  for (const Edit& edit : edits) {
    const bool begins = place.MoveTo(edit.begin);
    const std::size_t begin = place.at();
    if (!begins || !place.MoveTo(edit.end)) {
      return Whole(escaped, Escaped(Applied(UnescapeJson(escaped), edits)));
    }
    moved.push_back({begin, place.at(), Escaped(edit.text)});
  }
  return moved;
}

std::string UnescapeJson(std::string_view escaped) {
  std::string out;
  out.reserve(escaped.size());
  std::size_t at = 0;
  while (at < escaped.size()) {
    const std::size_t next = escaped.find('\\', at);
    out.append(escaped.substr(at, next - at));
    if (next == std::string_view::npos) break;
    at = AppendEscape(escaped, next, out);
  }
  return out;
}

std::string QuoteJson(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16 + 2);
  out += '"';
  std::size_t kept = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0xED) continue;
    if (c == 0xED && !IsSurrogate(text, at)) continue;
    out.append(text.substr(kept, at - kept));
    kept = at + 1;
    if (c == 0xED) {
      const auto low = static_cast<unsigned char>(text[at + 1]);
      const auto last = static_cast<unsigned char>(text[at + 2]);
      AppendUnit(0xD000u | (low & 0x3Fu) << 6 | (last & 0x3Fu), out);
      at += 2;
      kept = at + 1;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else {
      AppendUnit(c, out);
    }
  }
  return out.append(text.substr(kept)) + "\"";
}

}  // namespace gatehouse::audit
