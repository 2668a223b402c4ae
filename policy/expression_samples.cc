// SPDX-License-Identifier: Apache-2.0
// Samples of an expression, by a small reader of the usual syntax. What it
// does not know it takes literally: a sample that does not match shows that
// nothing, and is no fault.
#include <algorithm>
#include <cstddef>

#include "policy/value_classes.h"

namespace gatehouse {
namespace {

using Texts = std::vector<std::string>;
constexpr std::size_t kMostSamples = 64;
constexpr std::size_t kMostDepth = 32;

class Sampler {
 public:
  explicit Sampler(std::string_view text) : rest_(text) {}

  Texts Alternatives(std::size_t depth) {
    Texts all;
    do {
      for (std::string& text : Sequence(depth)) all.push_back(std::move(text));
    } while (Take('|'));
    return Few(std::move(all));
  }

 private:
  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  char Next() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  static Texts Few(Texts texts) {
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    if (texts.size() > kMostSamples) texts.resize(kMostSamples);
    return texts;
  }

  static Texts Joined(const Texts& heads, const Texts& tails) {
    Texts all;
    for (const std::string& head : heads) {
      for (const std::string& tail : tails) all.push_back(head + tail);
    }
    return Few(std::move(all));
  }

  Texts Sequence(std::size_t depth) {
    Texts texts = {""};
    while (!rest_.empty() && rest_[0] != '|' && rest_[0] != ')') {
      texts = Joined(texts, Repeated(Atom(depth)));
    }
    return texts;
  }

  Texts Atom(std::size_t depth) {
    const char c = Next();
    if (c == '^' || c == '$') return {""};
    if (c == '.') return {"x", "a", "0"};
    if (c == '[') return Class();
    if (c == '\\' && !rest_.empty()) return Escape(Next());
    if (c != '(' || depth > kMostDepth) return {std::string(1, c)};
    if (rest_.starts_with("?:")) rest_.remove_prefix(2);
    Texts inside = Alternatives(depth + 1);
    Take(')');
    return inside;
  }

  static Texts Escape(char c) {
    if (c == 'd') return {"0", "7"};
    if (c == 'w') return {"x", "0"};
    return {std::string(1, c)};
  }

  // Its ends; of one that is turned round, what is seldom named.
  Texts Class() {
    const bool without = Take('^');
    Texts ends;
    while (!rest_.empty() && (rest_[0] != ']' || ends.empty())) {
      const char c = Next();
      if (c != '-') ends.emplace_back(1, c);
    }
    Take(']');
    return without ? Texts{"x", "a", "0"} : Few(std::move(ends));
  }

  Texts Repeated(Texts once) {
    if (Take('?')) return Joined({""}, WithNone(std::move(once)));
    if (Take('*')) return WithNone(WithTwice(std::move(once)));
    if (Take('+')) return WithTwice(std::move(once));
    if (!rest_.starts_with('{')) return once;
    std::size_t least = 0;
    Take('{');
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      const auto digit = static_cast<std::size_t>(Next() - '0');
      least = std::min<std::size_t>(least * 10 + digit, 64);
    }
    while (!rest_.empty() && Next() != '}') {
    }
    Texts texts = {""};
    for (std::size_t i = 0; i < least; ++i) texts = Joined(texts, once);
    return least == 0 ? WithNone(std::move(once)) : texts;
  }

  static Texts WithNone(Texts texts) {
    texts.emplace_back();
    return texts;
  }
  static Texts WithTwice(Texts texts) {
    const std::size_t count = texts.size();
    for (std::size_t i = 0; i < count; ++i)
      texts.push_back(texts[i] + texts[0]);
    return Few(std::move(texts));
  }

  std::string_view rest_;
};

}  // namespace

std::vector<std::string> SamplesOf(std::string_view expression) {
  return Sampler(expression).Alternatives(0);
}

}  // namespace gatehouse
