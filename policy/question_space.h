// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every kind of request that two policies can tell apart, as the points of a
// grid: one axis for each thing that rules look at, and on it one class for
// each set of patterns that a value can match. What policy_diff asks both
// policies. Pure.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "policy/compiled_policy.h"
#include "policy/rule_match.h"
#include "policy/value_classes.h"

namespace gatehouse {

enum class Axis : std::uint8_t {
  kResource = 0,
  kVerb,
  kPlace,
  kName,
  kContext,
  kDryRun,
  kPods,
  kCall,  // server and tool, or method and target
  kSubject,
  kTime,
};
inline constexpr std::size_t kAxisCount = 10;
std::string_view AxisName(Axis axis);  // "resources", "verbs", …

// An index on each axis.
using Point = std::array<std::uint16_t, kAxisCount>;
inline std::uint16_t At(const Point& point, Axis axis) {
  return point[static_cast<std::size_t>(axis)];
}

// Resources that no rule tells apart.
struct ResourceClass {
  std::vector<std::string> names;  // "pods", "deployments/scale", …
  // What is not fully known, and subresources that a type does not have.
  std::vector<std::string> odd_names;
  Request sample;  // its resource, and what else it fixes
  // Indices of the axes; of the others each has all.
  std::vector<std::uint16_t> verbs;
  std::vector<std::uint16_t> places;
  std::vector<std::uint16_t> object_names;
};

struct SpaceQuestion {
  Request request;
  Classification call;  // without the request
  Subject subject;
  UtcTime time{};
};

class QuestionSpace {
 public:
  // `now`: the time of all questions where no rule looks at it.
  QuestionSpace(const CompiledPolicy& a, const CompiledPolicy& b, UtcTime now);

  const std::vector<ResourceClass>& resources() const { return resources_; }
  // Of an axis, for one class of resources.
  std::vector<std::uint16_t> Domain(Axis axis,
                                    const ResourceClass& resource) const;
  std::size_t CountPoints() const;
  SpaceQuestion At(const Point& point) const;
  std::string Label(Axis axis, std::uint16_t index) const;

  // False where an expression was compared by samples.
  bool exact() const { return exact_; }

 private:
  friend class SpaceBuilder;

  struct PlaceItem {
    enum class Kind : std::uint8_t { kNamespace, kAll, kCluster, kUnknown };
    Kind kind = Kind::kNamespace;
    std::string name;
    std::string label;
  };
  struct TextItem {
    std::optional<std::string> text;
    std::string label;
  };
  struct CallItem {
    Classification call;
    std::string label;
  };
  struct SubjectItem {
    Subject subject;
    std::string label;
  };

  void FillPlace(const PlaceItem& place, Request& request) const;

  std::vector<ResourceClass> resources_;
  std::vector<PlaceItem> places_;
  std::vector<TextItem> names_;
  std::vector<TextItem> contexts_;
  std::vector<bool> dry_runs_;
  std::vector<PodSecurity> pods_;
  std::vector<CallItem> calls_;
  std::vector<SubjectItem> subjects_;
  std::vector<UtcTime> times_;
  bool exact_ = true;
};

}  // namespace gatehouse
