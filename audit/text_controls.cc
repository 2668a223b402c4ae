// SPDX-License-Identifier: Apache-2.0
#include "audit/text_controls.h"

#include <array>
#include <cstddef>

namespace gatehouse::audit {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

constexpr auto kControls = std::to_array<Range>({
    {0x00, 0x08},
    {0x0B, 0x0C},
    {0x0E, 0x1F},
    {0x7F, 0x9F},
    {0x061C, 0x061C},    // Arabic letter mark
    {0x180E, 0x180E},    // Mongolian vowel separator
    {0x200B, 0x200F},    // zero width space and joiners, marks
    {0x2028, 0x202E},    // line and paragraph separators, embeddings, overrides
    {0x2060, 0x206F},    // word joiner, invisible operators, isolates
    {0xFE00, 0xFE0F},    // selectors
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFF9, 0xFFFB},    // interlinear annotation
    {0xE0000, 0xE0FFF},  // tags, more selectors
});

constexpr auto kEmoji = std::to_array<Range>({
    {0xA9, 0xA9},
    {0xAE, 0xAE},
    {0x203C, 0x203C},
    {0x2049, 0x2049},
    {0x2122, 0x2122},
    {0x2139, 0x2139},
    {0x2190, 0x21FF},
    {0x2300, 0x23FF},
    {0x24C2, 0x24C2},
    {0x25A0, 0x27BF},
    {0x2900, 0x297F},
    {0x2B00, 0x2BFF},
    {0x3030, 0x303D},
    {0x3297, 0x3299},
    {0x1F000, 0x1FAFF},
});

// Arabic and its extensions, and the Indic scripts up to Sinhala.
constexpr auto kJoining =
    std::to_array<Range>({{0x0620, 0x08FF}, {0x0900, 0x0DFF}});

template <typename Ranges>
bool IsIn(const Ranges& ranges, std::uint32_t point) {
  for (const Range& range : ranges) {
    if (point >= range.first && point <= range.last) return true;
  }
  return false;
}

struct Decoded {
  std::uint32_t point = 0;
  std::size_t bytes = 1;
};

// A byte that is no UTF-8 stands for itself, and is no control.
Decoded Decode(std::string_view text) {
  const auto at = [&text](std::size_t i) {
    return i < text.size()
               ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]))
               : 0u;
  };
  const std::uint32_t lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes =
      lead >= 0xF0 ? 4u : (lead >= 0xE0 ? 3u : (lead >= 0xC2 ? 2u : 1u));
  if (bytes == 1 || bytes > text.size()) return {0xFFFD, 1};
  std::uint32_t point = lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((at(i) & 0xC0) != 0x80) return {0xFFFD, 1};
    point = point << 6 | (at(i) & 0x3F);
  }
  return {point, bytes};
}

constexpr std::uint32_t kEscape = 0x1B;
constexpr std::uint32_t kJoiner = 0x200D;
constexpr std::uint32_t kNonJoiner = 0x200C;

bool IsSelector(std::uint32_t point) {
  return point == 0xFE0F || point == 0xFE0E;
}

// Walks the text; `before_` is what was kept last.
class Stripper {
 public:
  explicit Stripper(std::string_view text) : text_(text) {}

  StrippedText Run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if ((c >= ' ' && c < 0x7F) || c == '\n' || c == '\t') {
        before_ = static_cast<unsigned char>(c);
        selected_ = false;
        ++at_;
        continue;
      }
      const Decoded next = Decode(text_.substr(at_));
      if (IsIn(kControls, next.point) && !IsKept(next)) {
        Drop(next);
      } else {
        at_ += next.bytes;
        if (!IsSelector(next.point)) before_ = next.point;
        selected_ = IsSelector(next.point);
      }
    }
    out_.text.append(text_.substr(kept_));
    return std::move(out_);
  }

 private:
  bool IsKept(const Decoded& next) const {
    if (IsSelector(next.point)) {
      const bool keycap = (before_ >= '0' && before_ <= '9') ||
                          before_ == '#' || before_ == '*';
      return !selected_ && (keycap || IsIn(kEmoji, before_));
    }
    if (next.point != kJoiner && next.point != kNonJoiner) return false;
    const std::uint32_t after = Decode(text_.substr(at_ + next.bytes)).point;
    if (IsIn(kJoining, before_) && IsIn(kJoining, after)) return true;
    return next.point == kJoiner && IsIn(kEmoji, before_) &&
           IsIn(kEmoji, after);
  }

  void Drop(const Decoded& control) {
    ++out_.controls;
    out_.text.append(text_.substr(kept_, at_ - kept_));
    at_ += control.bytes;
    if (control.point == kEscape || control.point == 0x9B) {
      SkipSequence(control.point);
    }
    kept_ = at_;
  }

  // ECMA-48: parameters and a final byte behind "ESC [", a string behind
  // "ESC ]" up to BEL or "ESC \", one byte behind others.
  void SkipSequence(std::uint32_t introducer) {
    if (at_ >= text_.size()) return;
    const char kind = introducer == kEscape ? text_[at_] : '[';
    if (introducer == kEscape) {
      if (kind < 0x20 || kind > 0x7E) return;
      ++at_;
    }
    if (kind == '[') {
      while (at_ < text_.size() && text_[at_] >= 0x20 && text_[at_] < 0x40) {
        ++at_;
      }
      if (at_ < text_.size() && text_[at_] >= 0x40 && text_[at_] < 0x7F) ++at_;
    } else if (kind == ']' || kind == 'P' || kind == '^' || kind == '_') {
      const std::size_t end = text_.find_first_of("\x07\x1B\n", at_);
      if (end == std::string_view::npos || text_[end] == '\n') return;
      at_ = end + (text_.substr(end, 2) == "\x1B\\" ? 2 : 1);
    }
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  std::size_t kept_ = 0;  // all before it stands in `out_`
  std::uint32_t before_ = 0;
  bool selected_ = false;
  StrippedText out_;
};

}  // namespace

bool IsControl(std::uint32_t point) { return IsIn(kControls, point); }

bool BeginsControl(std::string_view bytes) {
  return IsControl(Decode(bytes).point);
}

StrippedText StripControls(std::string_view text) {
  return Stripper(text).Run();
}

}  // namespace gatehouse::audit
