// SPDX-License-Identifier: Apache-2.0
#pragma once
// "exec,log,status": a short list of words that is kept as it is written in a
// table, and cut where it is looked at. Most rows of the tables are never
// looked at, and every start would pay for a vector of strings in each. No I/O.

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse {

// Takes what stands before the first `separator` off the front of `text`, and
// the separator with it; all of it where there is none.
inline std::string_view TakeWord(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

// A value. Iterators and the views they give last until it is changed, moved or
// gone. No word is empty.
class CommaWords {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = std::string_view;

    Iterator() = default;
    explicit Iterator(std::string_view text) : rest_(text) { ++*this; }
    std::string_view operator*() const { return word_; }
    Iterator& operator++() {
      word_ = TakeWord(rest_, ',');
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    // Two of one list: the same word. No word: its end.
    bool operator==(const Iterator& other) const {
      return word_.size() == other.word_.size() &&
             (word_.empty() || word_.data() == other.word_.data());
    }

   private:
    std::string_view word_;
    std::string_view rest_;
  };

  CommaWords() = default;
  explicit CommaWords(std::string text) : text_(std::move(text)) {}

  Iterator begin() const { return Iterator(text_); }
  Iterator end() const { return {}; }
  bool empty() const { return text_.empty(); }
  bool Has(std::string_view word) const {
    return std::find(begin(), end(), word) != end();
  }

 private:
  std::string text_;
};

}  // namespace gatehouse
