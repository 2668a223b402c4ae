// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a question of the reference's generator stands in a question space:
// for the test that `policy diff` leaves nothing out.

#include <map>
#include <optional>

#include "policy/question_space.h"
#include "policy/space_builder.h"
#include "tests/policy/reference/reference.h"

namespace gatehouse::testing {

// The question with one request, in the form that the classifier gives it;
// nullopt where there is none, or its clock is out of bounds.
std::optional<reference::Question> ComparableQuestion(
    reference::Question question);

// The classes of some patterns, which are the owner's and stay where they are.
class ClassCache {
 public:
  const ValueClasses& Of(const Patterns& patterns, ValueKind kind) {
    return classes_.try_emplace(&patterns, patterns, kind).first->second;
  }
  // Those of names and of protect, which are one axis.
  const ValueClasses& OfNames(const MatchedPatterns& patterns) {
    if (names_.empty()) {
      names_ = patterns.names;
      names_.insert(names_.end(), patterns.protect.begin(),
                    patterns.protect.end());
    }
    return Of(names_, ValueKind::kText);
  }

 private:
  Patterns names_;
  std::map<const Patterns*, ValueClasses> classes_;
};

// Of two policies and the space of both, which it borrows.
class PointFinder {
 public:
  PointFinder(const CompiledPolicy& a, const CompiledPolicy& b,
              const QuestionSpace& space);

  // nullopt where the space has no class that the question is in.
  std::optional<Point> Find(const reference::Question& question);

 private:
  const QuestionSpace& space_;
  const MatchedPatterns patterns_;
  ClassCache classes_;
  ResourceClasses resources_;
};

}  // namespace gatehouse::testing
