// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/uri_template.h"

#include <algorithm>
#include <utility>

namespace gatehouse {
namespace {

constexpr std::size_t kMaxUriBytes = 2048;

// What ends a path's part, or is read in more than one way.
bool EndsValue(char c) {
  const unsigned char byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte >= 0x7f ||
         std::string_view("/?#%\\").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<UriTemplate> UriTemplate::Parse(std::string_view text) {
  UriTemplate made;
  made.text_ = std::string(text);
  while (true) {
    const std::size_t open = text.find_first_of("{}");
    made.literals_.emplace_back(text.substr(0, open));
    const bool between = made.literals_.size() > 1;
    const bool last = open == std::string_view::npos;
    if (between && !last && made.literals_.back().empty()) return std::nullopt;
    if (last) return made;
    const std::size_t close = text.find_first_of("{}", open + 1);
    if (text[open] != '{' || close == std::string_view::npos ||
        text[close] != '}' || close == open + 1) {
      return std::nullopt;
    }
    made.variables_.emplace_back(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

std::optional<std::vector<UriTemplate::Value>> UriTemplate::Match(
    std::string_view uri) const {
  if (uri.size() > kMaxUriBytes || !uri.starts_with(literals_.front())) {
    return std::nullopt;
  }
  uri.remove_prefix(literals_.front().size());
  std::vector<Value> values;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const std::string& next = literals_[i + 1];
    const std::size_t end = next.empty() ? uri.size() : uri.find(next);
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    const std::string_view value = uri.substr(0, end);
    if (std::any_of(value.begin(), value.end(), EndsValue)) return std::nullopt;
    values.push_back({variables_[i], std::string(value)});
    uri.remove_prefix(end + next.size());
  }
  if (!uri.empty()) return std::nullopt;
  return values;
}

}  // namespace gatehouse
