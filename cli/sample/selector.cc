// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/selector.h"

#include <optional>
#include <string>
#include <vector>

#include "cli/sample/object.h"
#include "policy/json_value.h"

namespace gatehouse::sample {
namespace {

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Commas inside parentheses belong to a set and do not separate.
std::vector<std::string_view> Terms(std::string_view selector) {
  std::vector<std::string_view> terms;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= selector.size(); ++i) {
    bool end = i == selector.size();
    if (!end && selector[i] == '(') ++depth;
    if (!end && selector[i] == ')') --depth;
    if (end || (selector[i] == ',' && depth == 0)) {
      std::string_view term = Trim(selector.substr(start, i - start));
      if (!term.empty()) terms.push_back(term);
      start = i + 1;
    }
  }
  return terms;
}

struct Comparison {
  std::string_view key;
  std::string_view value;
  bool equal = true;
};

std::optional<Comparison> ReadComparison(std::string_view term) {
  std::size_t at = term.find('=');
  if (at == std::string_view::npos) return std::nullopt;
  bool unequal = at > 0 && term[at - 1] == '!';
  std::string_view value = term.substr(at + 1);
  if (value.starts_with('=')) value.remove_prefix(1);
  return Comparison{Trim(term.substr(0, unequal ? at - 1 : at)), Trim(value),
                    !unequal};
}

std::optional<std::string> Label(const JsonValue& object,
                                 std::string_view key) {
  const JsonValue* labels = Find(object, {"metadata", "labels"});
  if (labels == nullptr) return std::nullopt;
  auto text = StringMember(*labels, key);
  if (!text) return std::nullopt;
  return std::string(*text);
}

bool InSet(std::string_view set, const std::optional<std::string>& label) {
  std::size_t open = set.find('(');
  std::size_t close = set.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos) {
    return false;
  }
  for (std::string_view word : Terms(set.substr(open + 1, close - open - 1))) {
    if (label && word == *label) return true;
  }
  return false;
}

bool MatchesLabel(std::string_view term, const JsonValue& object) {
  if (auto comparison = ReadComparison(term)) {
    auto label = Label(object, comparison->key);
    return (label && *label == comparison->value) == comparison->equal;
  }
  std::size_t blank = term.find(' ');
  if (blank == std::string_view::npos) {
    if (term.starts_with('!')) return !Label(object, term.substr(1));
    return Label(object, term).has_value();
  }
  auto label = Label(object, term.substr(0, blank));
  std::string_view rest = Trim(term.substr(blank));
  if (rest.starts_with("notin")) return !InSet(rest, label);
  return rest.starts_with("in") && InSet(rest, label);
}

}  // namespace

bool MatchesLabels(std::string_view selector, const JsonValue& object) {
  for (std::string_view term : Terms(selector)) {
    if (!MatchesLabel(term, object)) return false;
  }
  return true;
}

bool MatchesFields(std::string_view selector, const JsonValue& object) {
  for (std::string_view term : Terms(selector)) {
    auto comparison = ReadComparison(term);
    if (!comparison) return false;
    bool same = TextAtDots(object, comparison->key) == comparison->value;
    if (same != comparison->equal) return false;
  }
  return true;
}

}  // namespace gatehouse::sample
