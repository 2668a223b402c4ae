// SPDX-License-Identifier: Apache-2.0
#include "tests/policy/question_point.h"

#include <set>

#include "policy/json_value.h"
#include "policy/kubernetes/request_builder.h"
#include "policy/time_text.h"

namespace gatehouse::testing {
namespace {

using Kind = ResourceClasses::Item::Kind;

bool IsClusterScoped(const Request& request) {
  return request.resource == "nodes" || request.resource == "namespaces" ||
         request.resource == "clusterroles";
}

Kind KindOf(const Request& request) {
  if (request.verb == Verb::kRaw) return Kind::kOpaque;
  if (request.verb == Verb::kUnclear) {
    return request.helm == HelmPart::kChart ? Kind::kChart : Kind::kOpaque;
  }
  if (HasNoObject(request.verb)) return Kind::kPlain;
  if (request.helm == HelmPart::kChart) return Kind::kChart;
  if (request.custom) return Kind::kCustom;
  if (!request.resource) return Kind::kUnknown;
  return IsClusterScoped(request) ? Kind::kCluster : Kind::kNamespaced;
}

// The axes of one question.
class Finder {
 public:
  Finder(const MatchedPatterns& patterns, ClassCache& classes,
         const ResourceClasses& resources, const QuestionSpace& space,
         const reference::Question& question)
      : patterns_(patterns),
        classes_(classes),
        resources_(resources),
        space_(space),
        question_(question),
        request_(question.call.requests[0]) {}

  std::optional<Point> Find() {
    Set(Axis::kResource,
        resources_.Find({"", Sample(), false, KindOf(request_)}));
    if (lost_) return std::nullopt;
    Set(Axis::kVerb, static_cast<std::size_t>(request_.verb));
    Set(Axis::kPlace, Place());
    SetName();
    Set(Axis::kContext,
        Optional(patterns_.contexts, request_.context, ValueKind::kText));
    Set(Axis::kDryRun, patterns_.dry_run && request_.dry_run ? 1 : 0);
    SetPods();
    SetCall();
    SetSubject();
    SetTime();
    return lost_ ? std::nullopt : std::optional<Point>(point_);
  }

 private:
  void Set(Axis axis, std::size_t index) {
    point_[static_cast<std::size_t>(axis)] = static_cast<std::uint16_t>(index);
    const auto& resources = space_.resources();
    lost_ = lost_ || (axis == Axis::kResource && index >= resources.size());
  }

  Request Sample() const {
    Request sample;
    sample.group = request_.group;
    sample.resource = request_.resource;
    sample.subresource = request_.subresource;
    sample.helm = request_.helm;
    sample.custom = request_.custom;
    if (sample.custom) sample.custom->namespace_name.reset();
    return sample;
  }

  std::size_t Optional(const Patterns& patterns,
                       const std::optional<std::string>& value,
                       ValueKind kind) const {
    const ValueClasses& classes = classes_.Of(patterns, kind);
    return value ? classes.ClassOf(*value) : classes.values().size();
  }

  std::size_t Place() const {
    const ValueClasses& classes =
        classes_.Of(patterns_.namespaces, ValueKind::kLabel);
    const std::size_t all = classes.values().size();
    if (request_.all_namespaces) return all;
    const auto& space = request_.custom ? request_.custom->namespace_name
                                        : request_.namespace_name;
    if (!space) return all + 1;
    return space->empty() ? all + 2 : classes.ClassOf(*space);
  }

  void SetName() {
    const auto& resource = space_.resources()[point_[0]];
    if (resource.object_names.size() == 1) {
      return Set(Axis::kName, resource.object_names[0]);
    }
    const ValueClasses& classes = classes_.OfNames(patterns_);
    const std::size_t none = classes.values().size();
    Set(Axis::kName, !request_.name ? none + 1
                     : request_.name->empty()
                         ? none
                         : classes.ClassOf(*request_.name));
  }

  void SetPods() {
    if (!patterns_.pods) return;
    const auto& resource = space_.resources()[point_[0]];
    for (const std::uint16_t i : space_.Domain(Axis::kPods, resource)) {
      if (space_.Label(Axis::kPods, i) ==
          PodSecurityName(request_.pods.security)) {
        Set(Axis::kPods, i);
      }
    }
  }

  void SetCall() {
    const auto& call = question_.call;
    const ValueClasses& servers =
        classes_.Of(patterns_.servers, ValueKind::kText);
    const ValueClasses& tools = classes_.Of(patterns_.tools, ValueKind::kText);
    // Without patterns about methods: each server has its tools, then one
    // resource and one prompt where tools are told apart at all.
    const std::size_t each =
        tools.values().size() + (patterns_.tools.empty() ? 0 : 2);
    Set(Axis::kCall,
        servers.ClassOf(call.server) * each + tools.ClassOf(call.tool));
  }

  std::size_t Fact(const Patterns& patterns, const std::string& fact) const {
    if (patterns.empty()) return 0;
    const ValueClasses& classes = classes_.Of(patterns, ValueKind::kText);
    return fact.empty() ? classes.values().size() : classes.ClassOf(fact);
  }

  std::set<std::size_t> Groups(const Subject& subject) const {
    std::set<std::size_t> groups;
    if (patterns_.groups.empty()) return groups;
    for (const std::string& group : subject.groups) {
      groups.insert(Fact(patterns_.groups, group));
    }
    return groups;
  }

  bool Alike(const Subject& a, const Subject& b) const {
    const auto same = [this](const Patterns& patterns, const std::string& one,
                             const std::string& other) {
      return Fact(patterns, one) == Fact(patterns, other);
    };
    return same(patterns_.users, a.user, b.user) &&
           same(patterns_.kube_users, a.kube_user, b.kube_user) &&
           same(patterns_.clients, a.client, b.client) &&
           Groups(a) == Groups(b);
  }

  void SetSubject() {
    Search(Axis::kSubject, [&](const SpaceQuestion& asked) {
      return Alike(asked.subject, question_.subject);
    });
  }

  std::string Signature(UtcTime time) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    std::string signature;
    for (const TimeWindow& window : patterns_.windows) {
      signature += window.Holds(seconds) ? '1' : '0';
    }
    for (const auto& end : patterns_.ends) {
      signature += seconds >= end ? '1' : '0';
    }
    return signature;
  }

  void SetTime() {
    const std::string here = Signature(*ReadRfc3339(question_.time));
    Search(Axis::kTime, [&](const SpaceQuestion& asked) {
      return Signature(asked.time) == here;
    });
  }

  void Search(Axis axis, auto&& is_it) {
    const auto& resource = space_.resources()[point_[0]];
    for (const std::uint16_t index : space_.Domain(axis, resource)) {
      Set(axis, index);
      if (is_it(space_.At(point_))) return;
    }
    lost_ = true;
  }

  const MatchedPatterns& patterns_;
  ClassCache& classes_;
  const ResourceClasses& resources_;
  const QuestionSpace& space_;
  const reference::Question& question_;
  const Request& request_;
  Point point_{};
  bool lost_ = false;
};

}  // namespace

std::optional<reference::Question> ComparableQuestion(
    reference::Question question) {
  if (question.call.requests.empty() || question.time < "2026") {
    return std::nullopt;
  }
  question.call.requests.resize(1);
  Request& request = question.call.requests[0];
  const struct Place place { request.context, std::nullopt, false };
  if (request.helm == HelmPart::kNone) {
    if (request.verb == Verb::kRaw) {
      request = RawRequest("/", place);
    } else if (request.verb == Verb::kUnclear) {
      request = UnclearRequest(place);
    } else if (HasNoObject(request.verb)) {
      request = PlainRequest(request.verb, place);
    }
  }
  if (IsClusterScoped(request)) {
    request.namespace_name = "";
    request.all_namespaces = false;
  }
  return question;
}

PointFinder::PointFinder(const CompiledPolicy& a, const CompiledPolicy& b,
                         const QuestionSpace& space)
    : space_(space),
      patterns_(MatchedPatterns::Of(a, b)),
      resources_(a, patterns_) {}

std::optional<Point> PointFinder::Find(const reference::Question& question) {
  return Finder(patterns_, classes_, resources_, space_, question).Find();
}

}  // namespace gatehouse::testing
