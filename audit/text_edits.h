// SPDX-License-Identifier: Apache-2.0
#pragma once
// What masking does to a text: some of its bytes become others, and all else
// stays byte for byte as it was written. Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::audit {

// The bytes [begin, end) of a text become `text`.
struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

// In the order of the text, none over another.
using Edits = std::vector<Edit>;

std::string Applied(std::string_view text, const Edits& edits);

// The one edit of all of a text; none where it stays.
Edits Whole(std::string_view text, std::string becomes);

// `edits` are of a part that begins at `offset`: moves them to the whole.
void Append(Edits edits, std::size_t offset, Edits& all);

// Edits that are made one after the other, each of what the last left.
class StagedEdits {
 public:
  // Borrows the text.
  explicit StagedEdits(std::string_view text) : text_(text) {}

  // As it is by now; until the next Add.
  std::string_view now() const {
    return edits_.empty() ? text_ : std::string_view(now_);
  }
  // Of `now`.
  void Add(Edits edits);
  bool empty() const { return edits_.empty(); }
  // All of them, of the text as it was.
  Edits Take() { return std::move(edits_); }

 private:
  std::string_view text_;
  std::string now_;
  Edits edits_;
};

}  // namespace gatehouse::audit
