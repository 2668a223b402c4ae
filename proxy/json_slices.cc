// SPDX-License-Identifier: Apache-2.0
#include "proxy/json_slices.h"

#include <cstddef>

namespace gatehouse {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// One past the string that begins at `at`.
std::size_t StringEnd(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

// Walks the inside of one object or array.
class Slicer {
 public:
  Slicer(std::string_view text, char open, char close) {
    text = Trimmed(text);
    if (text.size() < 2 || text.front() != open || text.back() != close) return;
    rest_ = text.substr(1, text.size() - 2);
  }

  // What stands up to the next comma of this level; nullopt-like "" at the end.
  std::string_view Next() {
    const std::size_t end = EndOf(',');
    const std::string_view part = Trimmed(rest_.substr(0, end));
    rest_.remove_prefix(end < rest_.size() ? end + 1 : rest_.size());
    return part;
  }
  bool done() const { return Trimmed(rest_).empty(); }

 private:
  // Where `mark` stands next on this level, or the end.
  std::size_t EndOf(char mark) const {
    int depth = 0;
    std::size_t at = 0;
    while (at < rest_.size()) {
      const char c = rest_[at];
      if (c == '"') {
        at = StringEnd(rest_, at);
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      if (c == mark && depth == 0) return at;
      ++at;
    }
    return rest_.size();
  }

  std::string_view rest_;
};

}  // namespace

std::vector<JsonSlice> ObjectSlices(std::string_view object) {
  std::vector<JsonSlice> slices;
  Slicer slicer(object, '{', '}');
  while (!slicer.done()) {
    const std::string_view member = slicer.Next();
    if (member.empty() || member.front() != '"') return {};
    const std::size_t end = StringEnd(member, 0);
    const std::string_view rest = Trimmed(member.substr(end));
    if (rest.empty() || rest.front() != ':') return {};
    slices.push_back({member.substr(1, end - 2), Trimmed(rest.substr(1))});
  }
  return slices;
}

std::vector<std::string_view> ArraySlices(std::string_view array) {
  std::vector<std::string_view> slices;
  Slicer slicer(array, '[', ']');
  while (!slicer.done()) slices.push_back(slicer.Next());
  return slices;
}

}  // namespace gatehouse
