// SPDX-License-Identifier: Apache-2.0
#include "cli/word_list.h"

#include <algorithm>

namespace gatehouse::cli {

std::vector<std::string> Wrapped(const std::vector<std::string>& words,
                                 std::size_t width) {
  std::vector<std::string> lines(1);
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i] + (i + 1 < words.size() ? "," : "");
    if (word.size() > width) word = word.substr(0, width - 3) + "..,";
    if (!lines.back().empty() &&
        lines.back().size() + 1 + word.size() > width) {
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

std::string JoinedOrNone(const std::vector<std::string>& words) {
  return words.empty() ? "none" : Joined(words);
}

std::string Calls(std::size_t number) {
  return std::to_string(number) + (number == 1 ? " call" : " calls");
}

std::string Padded(std::string_view text, std::size_t width) {
  std::string out(text);
  out.resize(std::max(width, out.size()), ' ');
  return out;
}

}  // namespace gatehouse::cli
