// SPDX-License-Identifier: Apache-2.0
#include "audit/text_edits.h"

#include <algorithm>
#include <utility>

namespace gatehouse::audit {
namespace {

// Of a text that became `now` by `first`: those, and `second` of `now`, as
// edits of the text. What overlaps becomes one.
class Composer {
 public:
  Composer(std::string_view now, Edits first, Edits second)
      : now_(now), first_(std::move(first)), second_(std::move(second)) {}

  Edits Run() {
    while (second_at_ < second_.size()) {
      while (HasFirst() && EndNow() <= second_[second_at_].begin) Keep();
      Merge();
    }
    while (HasFirst()) Keep();
    return std::move(out_);
  }

 private:
  bool HasFirst() const { return first_at_ < first_.size(); }
  // Where the next of the first edits stands in `now`.
  std::size_t BeginNow() const { return first_[first_at_].begin + shift_; }
  std::size_t EndNow() const {
    return BeginNow() + first_[first_at_].text.size();
  }

  void Pass() {
    const Edit& passed = first_[first_at_++];
    shift_ += passed.text.size() - (passed.end - passed.begin);
  }
  void Keep() {
    const std::size_t kept = first_at_;
    Pass();
    out_.push_back(std::move(first_[kept]));
  }

  // The next of the second edits, and all that hangs together with it.
  void Merge() {
    std::size_t begin = second_[second_at_].begin;
    std::size_t end = second_[second_at_].end;
    if (HasFirst() && BeginNow() < end) begin = std::min(begin, BeginNow());
    const std::size_t was = begin - shift_;
    Edits inside;
    bool grew = true;
    while (grew) {
      grew = false;
      while (second_at_ < second_.size() &&
             (inside.empty() || second_[second_at_].begin < end)) {
        Edit& edit = second_[second_at_++];
        end = std::max(end, edit.end);
        inside.push_back(
            {edit.begin - begin, edit.end - begin, std::move(edit.text)});
      }
      while (HasFirst() && BeginNow() < end) {
        end = std::max(end, EndNow());
        Pass();
        grew = true;
      }
    }
    out_.push_back(
        {was, end - shift_, Applied(now_.substr(begin, end - begin), inside)});
  }

  std::string_view now_;
  Edits first_;
  Edits second_;
  Edits out_;
  std::size_t first_at_ = 0;
  std::size_t second_at_ = 0;
  std::size_t shift_ = 0;  // what the edits passed made longer; wraps
};

}  // namespace

std::string Applied(std::string_view text, const Edits& edits) {
  std::size_t size = text.size();
  for (const Edit& edit : edits) size += edit.text.size();
  std::string out;
  out.reserve(size);
  std::size_t kept = 0;
  // One that begins before the last has ended is a fault of whoever made them:
  // nothing that an edit took away comes back by it.
  for (const Edit& edit : edits) {
    const std::size_t begin = std::max(kept, edit.begin);
    out.append(text.substr(kept, begin - kept)).append(edit.text);
    kept = std::max(kept, edit.end);
  }
  return out.append(text.substr(kept));
}

Edits Whole(std::string_view text, std::string becomes) {
  Edits edits;
  if (text != becomes) edits.push_back({0, text.size(), std::move(becomes)});
  return edits;
}

void Append(Edits edits, std::size_t offset, Edits& all) {
  for (Edit& edit : edits) {
    all.push_back(
        {edit.begin + offset, edit.end + offset, std::move(edit.text)});
  }
}

void StagedEdits::Add(Edits edits) {
  if (edits.empty()) return;
  std::string next = Applied(now(), edits);
  edits_ = edits_.empty()
               ? std::move(edits)
               : Composer(now_, std::move(edits_), std::move(edits)).Run();
  now_ = std::move(next);
}

}  // namespace gatehouse::audit
