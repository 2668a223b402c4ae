// SPDX-License-Identifier: Apache-2.0
#include "policy/question_space.h"

#include <numeric>

#include "policy/time_text.h"

namespace gatehouse {
namespace {

constexpr std::array<std::string_view, kAxisCount> kAxisNames = {
    "resources", "verbs",       "namespaces", "names", "contexts",
    "dry runs",  "podSecurity", "calls",      "who",   "times"};

std::vector<std::uint16_t> Each(std::size_t count) {
  std::vector<std::uint16_t> indices(count);
  std::iota(indices.begin(), indices.end(), std::uint16_t{0});
  return indices;
}

}  // namespace

std::string_view AxisName(Axis axis) {
  return kAxisNames[static_cast<std::size_t>(axis)];
}

std::vector<std::uint16_t> QuestionSpace::Domain(
    Axis axis, const ResourceClass& resource) const {
  switch (axis) {
    case Axis::kResource:
      return Each(resources_.size());
    case Axis::kVerb:
      return resource.verbs;
    case Axis::kPlace:
      return resource.places;
    case Axis::kName:
      return resource.object_names;
    case Axis::kContext:
      return Each(contexts_.size());
    case Axis::kDryRun:
      return Each(dry_runs_.size());
    case Axis::kPods:
      return Each(pods_.size());
    case Axis::kCall:
      return Each(calls_.size());
    case Axis::kSubject:
      return Each(subjects_.size());
    case Axis::kTime:
      return Each(times_.size());
  }
  return {};
}

std::size_t QuestionSpace::CountPoints() const {
  std::size_t count = 0;
  for (const ResourceClass& resource : resources_) {
    count += resource.verbs.size() * resource.places.size() *
             resource.object_names.size();
  }
  return count * contexts_.size() * dry_runs_.size() * pods_.size() *
         calls_.size() * subjects_.size() * times_.size();
}

void QuestionSpace::FillPlace(const PlaceItem& place, Request& request) const {
  std::optional<std::string>& space =
      request.custom ? request.custom->namespace_name : request.namespace_name;
  switch (place.kind) {
    case PlaceItem::Kind::kNamespace:
      space = place.name;
      // What a category lists is taken to be namespaced.
      if (request.custom && request.custom->word.empty() &&
          IsReading(request.verb)) {
        request.namespace_name = place.name;
      }
      return;
    case PlaceItem::Kind::kAll:
      request.all_namespaces = true;
      request.namespace_name = "";
      return;
    case PlaceItem::Kind::kCluster:
      request.namespace_name = "";
      return;
    case PlaceItem::Kind::kUnknown:
      return;
  }
}

SpaceQuestion QuestionSpace::At(const Point& point) const {
  const auto at = [&](Axis axis) { return gatehouse::At(point, axis); };
  SpaceQuestion question;
  Request& request = question.request;
  request = resources_[at(Axis::kResource)].sample;
  request.verb = static_cast<Verb>(at(Axis::kVerb));
  FillPlace(places_[at(Axis::kPlace)], request);
  request.name = names_[at(Axis::kName)].text;
  request.context = contexts_[at(Axis::kContext)].text;
  request.dry_run = dry_runs_[at(Axis::kDryRun)];
  request.pods.security = pods_[at(Axis::kPods)];
  question.call = calls_[at(Axis::kCall)].call;
  question.subject = subjects_[at(Axis::kSubject)].subject;
  question.time = times_[at(Axis::kTime)];
  return question;
}

std::string QuestionSpace::Label(Axis axis, std::uint16_t index) const {
  switch (axis) {
    case Axis::kResource:
      return resources_[index].names.empty()
                 ? resources_[index].odd_names.front()
                 : resources_[index].names.front();
    case Axis::kVerb:
      return std::string(VerbName(static_cast<Verb>(index)));
    case Axis::kPlace:
      return places_[index].label;
    case Axis::kName:
      return names_[index].label;
    case Axis::kContext:
      return contexts_[index].label;
    case Axis::kDryRun:
      return dry_runs_[index] ? "dry runs" : "real ones";
    case Axis::kPods:
      return std::string(PodSecurityName(pods_[index]));
    case Axis::kCall:
      return calls_[index].label;
    case Axis::kSubject:
      return subjects_[index].label;
    case Axis::kTime:
      return Rfc3339(std::chrono::floor<std::chrono::seconds>(times_[index]));
  }
  return "";
}

}  // namespace gatehouse
