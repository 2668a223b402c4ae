// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the parts of YAML lines begin and end: keys, quoted values, blocks,
// flow collections. What line_tree walks a text by; it builds nothing itself.

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace gatehouse::audit {

// Borrows the text. Places may lie behind its end: there is a line break.
class LineText {
 public:
  static constexpr auto kNone = std::string_view::npos;

  explicit LineText(std::string_view text) : text_(text) {}

  struct KeySpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t after = kNone;  // behind the colon; npos: no key
  };
  struct Properties {
    std::size_t after = 0;
    bool anchored = false;
  };

  char At(std::size_t at) const { return at < text_.size() ? text_[at] : '\n'; }
  bool EndsAt(std::size_t at) const {
    return At(at) == '\n' || (text_[at] == '\r' && At(at + 1) == '\n');
  }
  std::size_t SkipSpaces(std::size_t at) const {
    while (At(at) == ' ' || At(at) == '\t') ++at;
    return at;
  }
  std::size_t LineEnd(std::size_t at) const {
    return std::min(text_.find('\n', at), text_.size());
  }
  bool IsDash(std::size_t at) const {
    return At(at) == '-' && (At(at + 1) == ' ' || EndsAt(at + 1));
  }

  // A key that begins at `at`, and its colon.
  KeySpan KeyAt(std::size_t at) const;
  // Behind anchors and tags.
  Properties SkipProperties(std::size_t at) const;
  // `column`: of the key or dash whose value it is. npos where it has no end.
  std::size_t QuotedEnd(std::size_t at, std::size_t column) const;
  std::size_t FlowEnd(std::size_t at, std::size_t column) const;
  std::size_t BlockEnd(std::size_t at, std::size_t column) const;
  // Up to the line's end or a comment, without the blanks before it.
  std::size_t PlainEnd(std::size_t at) const;
  // What follows a value on its line is a comment, or it was no value.
  bool EndsValue(std::size_t end) const;

 private:
  bool IsDeeper(std::size_t line, std::size_t column) const;

  std::string_view text_;
};

}  // namespace gatehouse::audit
