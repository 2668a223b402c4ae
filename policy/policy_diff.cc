// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_diff.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "policy/request_judge.h"
#include "policy/secret_origin.h"
#include "policy/time_text.h"

namespace gatehouse {
namespace {

// Some seconds of work.
constexpr std::size_t kMostPoints = 4'000'000;

// What a policy says of one request, and by which rule or code.
struct Said {
  Effect effect = Effect::kDeny;
  std::optional<CallLimit> limit;
  bool reveals = false;
  std::string by;
};

Said Ask(const CompiledPolicy& policy, const SpaceQuestion& question) {
  const CallFacts facts{question.call, question.subject, question.time};
  Request request = question.request;
  if (IsReadingDryRun(policy, request)) request.verb = Verb::kGet;
  const Outcome outcome =
      JudgeRequest(policy, request, facts, RuleSet::kEnforced);
  Said said;
  said.effect = outcome.effect;
  said.by = outcome.decided_by_rule
                ? outcome.rule->source.id
                : "(" + std::string(CodeName(outcome.code)) + ")";
  if (said.effect == Effect::kDeny) return said;
  said.limit = outcome.rule->limit;
  said.reveals = outcome.rule->reveal && BringsSecrets(request);
  return said;
}

bool SameLimit(const std::optional<CallLimit>& a,
               const std::optional<CallLimit>& b) {
  if (!a || !b) return !a && !b;
  return a->calls == b->calls && a->per == b->per;
}

// nullopt where nothing changes.
std::optional<Direction> CompareLimits(const std::optional<CallLimit>& was,
                                       const std::optional<CallLimit>& now) {
  if (SameLimit(was, now)) return std::nullopt;
  if (!now) return Direction::kWider;
  if (!was) return Direction::kNarrower;
  if (now->calls <= was->calls && now->per >= was->per) {
    return Direction::kNarrower;
  }
  const bool wider = now->calls >= was->calls && now->per <= was->per;
  return wider ? Direction::kWider : Direction::kMixed;
}

std::optional<Direction> Compare(const Said& was, const Said& now) {
  if (was.effect != now.effect) {
    return now.effect > was.effect ? Direction::kWider : Direction::kNarrower;
  }
  const auto limits = CompareLimits(was.limit, now.limit);
  if (was.reveals == now.reveals) return limits;
  const Direction masks =
      now.reveals ? Direction::kWider : Direction::kNarrower;
  return limits.value_or(masks) == masks ? masks : Direction::kMixed;
}

std::string Words(const Said& said) {
  std::string text(EffectName(said.effect));
  if (said.limit) {
    text += ", " + std::to_string(said.limit->calls) + " calls per " +
            DurationText(said.limit->per);
  }
  return said.reveals ? text + ", unmasked" : text;
}

constexpr std::array kWithinResource = {
    Axis::kName,   Axis::kTime,    Axis::kSubject, Axis::kCall, Axis::kPods,
    Axis::kDryRun, Axis::kContext, Axis::kPlace,   Axis::kVerb};
constexpr std::array kAcross = {Axis::kResource, Axis::kPlace, Axis::kVerb,
                                Axis::kResource};

class Comparison {
 public:
  Comparison(const CompiledPolicy& old_policy, const CompiledPolicy& new_policy,
             const QuestionSpace& space)
      : old_(old_policy), new_(new_policy), space_(space) {}

  std::vector<DiffRow> Rows() {
    std::vector<DiffRow> all;
    for (std::size_t i = 0; i < space_.resources().size(); ++i) {
      for (DiffRow& row : RowsOf(static_cast<std::uint16_t>(i))) {
        all.push_back(std::move(row));
      }
    }
    for (const Axis axis : kAcross) Merge(axis, all);
    std::stable_sort(all.begin(), all.end(),
                     [](const DiffRow& a, const DiffRow& b) {
                       return (a.direction == Direction::kNarrower) <
                              (b.direction == Direction::kNarrower);
                     });
    return all;
  }

 private:
  std::vector<DiffRow> RowsOf(std::uint16_t resource) {
    rows_.clear();
    for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
      domains_[axis] =
          space_.Domain(static_cast<Axis>(axis), space_.resources()[resource]);
    }
    domains_[0] = {resource};
    Walk(0);
    for (const Axis axis : kWithinResource) Merge(axis, rows_);
    return std::move(rows_);
  }

  void Walk(std::size_t axis) {
    if (axis == kAxisCount) return Visit();
    for (const std::uint16_t index : domains_[axis]) {
      point_[axis] = index;
      Walk(axis + 1);
    }
  }

  void Visit() {
    const SpaceQuestion question = space_.At(point_);
    const Said was = Ask(old_, question);
    const Said now = Ask(new_, question);
    const auto direction = Compare(was, now);
    if (!direction) return;
    DiffRow row;
    row.direction = *direction;
    row.was = Words(was);
    row.now = Words(now);
    row.was_by.insert(was.by);
    row.now_by.insert(now.by);
    for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
      row.where[axis] = {point_[axis]};
    }
    rows_.push_back(std::move(row));
  }

  // Two rows that differ on one axis only are one.
  void Merge(Axis axis, std::vector<DiffRow>& rows) const {
    const auto along = static_cast<std::size_t>(axis);
    std::map<std::string, std::size_t> places;
    std::vector<DiffRow> merged;
    for (DiffRow& row : rows) {
      const auto [place, fresh] =
          places.emplace(KeyOf(row, along), merged.size());
      if (fresh) {
        merged.push_back(std::move(row));
        continue;
      }
      DiffRow& into = merged[place->second];
      into.was_by.merge(row.was_by);
      into.now_by.merge(row.now_by);
      auto& list = into.where[along];
      list.insert(list.end(), row.where[along].begin(), row.where[along].end());
    }
    for (DiffRow& row : merged) {
      auto& list = row.where[along];
      std::sort(list.begin(), list.end());
      if (IsWhole(axis, row)) list.clear();
    }
    rows = std::move(merged);
  }

  static std::string KeyOf(const DiffRow& row, std::size_t without) {
    std::string key = std::to_string(static_cast<int>(row.direction)) +
                      row.was + "\n" + row.now;
    for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
      // What has all of an axis is not put together with what has some.
      const bool all = row.where[axis].empty();
      key += all ? "\n*" : "\n";
      if (axis == without) continue;
      for (const std::uint16_t index : row.where[axis]) {
        key += std::to_string(index) + ",";
      }
    }
    return key;
  }

  // Whether the row has all that its resources have on that axis. What has
  // one place only keeps it: it says where.
  bool IsWhole(Axis axis, const DiffRow& row) const {
    if (axis == Axis::kResource) return false;
    const auto& list = row.where[static_cast<std::size_t>(axis)];
    for (const std::uint16_t index : row.where[0]) {
      const ResourceClass& resource = space_.resources()[index];
      const bool object = resource.verbs == space_.resources()[0].verbs;
      if (axis == Axis::kVerb && !object) return false;
      if (axis == Axis::kPlace && object && resource.places.size() == 1) {
        return false;
      }
      if (list != space_.Domain(axis, resource)) return false;
    }
    return !list.empty();
  }

  const CompiledPolicy& old_;
  const CompiledPolicy& new_;
  const QuestionSpace& space_;
  std::array<std::vector<std::uint16_t>, kAxisCount> domains_;
  Point point_{};
  std::vector<DiffRow> rows_;
};

}  // namespace

std::string_view DirectionName(Direction direction) {
  switch (direction) {
    case Direction::kWider:
      return "wider";
    case Direction::kNarrower:
      return "narrower";
    case Direction::kMixed:
      return "mixed";
  }
  return "mixed";
}

bool DiffRow::Covers(const Point& point) const {
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    const auto& list = where[axis];
    if (!list.empty() && std::ranges::find(list, point[axis]) == list.end()) {
      return false;
    }
  }
  return true;
}

bool PolicyDiff::Widens() const {
  const auto widens = [](const auto& change) {
    return change.direction != Direction::kNarrower;
  };
  return std::ranges::any_of(settings, widens) ||
         std::ranges::any_of(rows, widens);
}

Result<PolicyDiff> DiffPolicies(const CompiledPolicy& old_policy,
                                const CompiledPolicy& new_policy, UtcTime now) {
  PolicyDiff diff{QuestionSpace(old_policy, new_policy, now), {}, {}};
  const std::size_t points = diff.space.CountPoints();
  if (points > kMostPoints) {
    return Error{ErrorCode::kUnsupported,
                 "the two policies tell " + std::to_string(points) +
                     " kinds of requests apart, more than can be compared one "
                     "by one; compare them in parts"};
  }
  diff.settings = CompareSettings(old_policy, new_policy);
  diff.rows = Comparison(old_policy, new_policy, diff.space).Rows();
  return diff;
}

}  // namespace gatehouse
