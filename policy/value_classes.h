// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which values some patterns can tell apart: one value for each set of them
// that a value can match, so that a question asked of each of these values has
// been asked of all values. What policy_diff makes its questions from. Pure.
//
// For literals and globs the classes are exact: all patterns are walked
// together as one automaton. What an expression between slashes matches is
// tried on samples only; exact() is false then.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/matcher.h"

namespace gatehouse {

enum class ValueKind : std::uint8_t {
  kText = 0,  // anything but the empty text
  kLabel,     // a DNS label, as namespaces have
};

// A value; immutable.
class ValueClasses {
 public:
  // No patterns: one class, of every value.
  ValueClasses(Patterns patterns, ValueKind kind);

  // One of each class; never empty.
  const std::vector<std::string>& values() const { return values_; }
  bool exact() const { return exact_; }
  // Index into values(); values().size() where no sample is like `value`,
  // which cannot be where exact() is true.
  std::size_t ClassOf(std::string_view value) const;
  // For people: "team-a", "team-* (as team-x)", "others (as x)".
  std::string Label(std::size_t index) const;

 private:
  using Signature = std::vector<bool>;
  Signature SignatureOf(std::string_view value) const;
  void Add(const std::string& value);

  Patterns patterns_;
  std::vector<std::string> values_;
  std::map<Signature, std::size_t> by_signature_;
  bool exact_ = true;
};

// Some texts that an expression may match, made from its alternatives, classes
// and repetitions; whether each really matches is for the caller to see.
std::vector<std::string> SamplesOf(std::string_view expression);

}  // namespace gatehouse
