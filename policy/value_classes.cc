// SPDX-License-Identifier: Apache-2.0
#include "policy/value_classes.h"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

namespace gatehouse {
namespace {

constexpr std::size_t kMostStates = 60'000;

bool IsLabelCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool IsExpression(const Pattern& pattern) {
  return !pattern.IsLiteral() && pattern.text().starts_with('/');
}

// Where each glob may stand after what was read: (glob, position) pairs,
// sorted.
using State = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

// All globs and literals at once, as one automaton.
class Walk {
 public:
  Walk(const Patterns& patterns, ValueKind kind) : kind_(kind) {
    for (const Pattern& pattern : patterns) {
      if (!IsExpression(pattern)) globs_.push_back(&pattern);
    }
    FillAlphabet();
  }

  // A value for each set of globs; false where there are too many states.
  bool Visit(auto&& found) {
    State start;
    for (std::uint32_t i = 0; i < globs_.size(); ++i) Enter(start, i, 0);
    Reach({std::move(start), ""});
    while (!open_.empty() && seen_.size() < kMostStates) {
      const Place here = std::move(open_.front());
      open_.pop_front();
      if (IsValue(here.text)) found(here.text);
      for (const char c : alphabet_) {
        if (here.text.empty() && c == '-' && kind_ == ValueKind::kLabel) {
          continue;
        }
        Reach({After(here.state, c), here.text + c});
      }
    }
    return open_.empty();
  }

 private:
  struct Place {
    State state;
    std::string text;  // how to come here; of the shortest
  };

  bool IsWild(const Pattern& pattern, std::size_t at, char wildcard) const {
    return !pattern.IsLiteral() && pattern.text()[at] == wildcard;
  }

  // The characters that some glob names, and one that none does.
  void FillAlphabet() {
    std::set<char> named;
    for (const Pattern* pattern : globs_) {
      for (std::size_t i = 0; i < pattern->text().size(); ++i) {
        if (IsWild(*pattern, i, '*') || IsWild(*pattern, i, '?')) continue;
        const char c = pattern->text()[i];
        if (kind_ == ValueKind::kLabel && !IsLabelCharacter(c)) continue;
        named.insert(c);
      }
    }
    constexpr std::string_view kOthers = "xyzqjkwvuabcdefghilmnoprst0123456789";
    for (const char c : kOthers) {
      if (named.contains(c)) continue;
      alphabet_ += c;
      break;
    }
    alphabet_.append(named.begin(), named.end());
  }

  // A star may also match nothing.
  void Enter(State& state, std::uint32_t glob, std::uint32_t at) const {
    const Pattern& pattern = *globs_[glob];
    state.emplace_back(glob, at);
    while (at < pattern.text().size() && IsWild(pattern, at, '*')) {
      state.emplace_back(glob, ++at);
    }
  }

  State After(const State& state, char c) const {
    State next;
    for (const auto& [glob, at] : state) {
      const Pattern& pattern = *globs_[glob];
      if (at == pattern.text().size()) continue;
      if (IsWild(pattern, at, '*')) {
        Enter(next, glob, at);
      } else if (pattern.text()[at] == c || IsWild(pattern, at, '?')) {
        Enter(next, glob, at + 1);
      }
    }
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    return next;
  }

  bool IsValue(const std::string& text) const {
    if (text.empty()) return false;
    return kind_ == ValueKind::kText ||
           (text.back() != '-' && text.size() <= 63);
  }

  // A dash at the end may make the difference between a value and none.
  void Reach(Place place) {
    const bool dash = place.text.ends_with('-');
    if (!seen_.emplace(place.state, dash || place.text.empty()).second) return;
    open_.push_back(std::move(place));
  }

  ValueKind kind_;
  std::vector<const Pattern*> globs_;
  std::string alphabet_;
  std::set<std::pair<State, bool>> seen_;
  std::deque<Place> open_;
};

}  // namespace

ValueClasses::ValueClasses(Patterns patterns, ValueKind kind)
    : patterns_(std::move(patterns)) {
  Patterns distinct;
  for (Pattern& pattern : patterns_) {
    const bool known = std::ranges::any_of(distinct, [&](const Pattern& each) {
      return each.text() == pattern.text() &&
             each.IsLiteral() == pattern.IsLiteral();
    });
    if (!known) distinct.push_back(std::move(pattern));
  }
  patterns_ = std::move(distinct);
  exact_ = Walk(patterns_, kind).Visit([&](const auto& text) { Add(text); });
  if (values_.empty()) Add("x");
  for (const Pattern& pattern : patterns_) {
    if (pattern.IsLiteral() && !exact_) Add(pattern.text());
    if (!IsExpression(pattern)) continue;
    exact_ = false;
    const std::string& text = pattern.text();
    for (const std::string& sample :
         SamplesOf(std::string_view(text).substr(1, text.size() - 2))) {
      const bool value = kind == ValueKind::kText ||
                         (std::ranges::all_of(sample, IsLabelCharacter) &&
                          !sample.starts_with('-') && !sample.ends_with('-'));
      if (!sample.empty() && value) Add(sample);
    }
  }
}

ValueClasses::Signature ValueClasses::SignatureOf(
    std::string_view value) const {
  Signature signature;
  for (const Pattern& pattern : patterns_) {
    signature.push_back(pattern.Matches(value));
  }
  return signature;
}

void ValueClasses::Add(const std::string& value) {
  if (by_signature_.emplace(SignatureOf(value), values_.size()).second) {
    values_.push_back(value);
  }
}

std::size_t ValueClasses::ClassOf(std::string_view value) const {
  const auto found = by_signature_.find(SignatureOf(value));
  return found == by_signature_.end() ? values_.size() : found->second;
}

std::string ValueClasses::Label(std::size_t index) const {
  const std::string& value = values_[index];
  std::string matched;
  for (const Pattern& pattern : patterns_) {
    if (pattern.IsAny() || !pattern.Matches(value)) continue;
    if (pattern.IsLiteral()) return value;
    matched += (matched.empty() ? "" : " and ") + pattern.text();
  }
  return (matched.empty() ? "others" : matched) + " (as " + value + ")";
}

}  // namespace gatehouse
