// SPDX-License-Identifier: Apache-2.0
#include "policy/space_builder.h"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace gatehouse {
namespace {

using ItemKind = ResourceClasses::Item::Kind;
using Indices = std::vector<std::uint16_t>;

Indices EachOf(std::size_t count) {
  Indices indices(count);
  std::iota(indices.begin(), indices.end(), std::uint16_t{0});
  return indices;
}

Indices VerbsOf(ItemKind kind) {
  Indices verbs;
  for (std::size_t i = 0; i < kVerbCount; ++i) {
    const Verb verb = static_cast<Verb>(i);
    const bool opaque = verb == Verb::kRaw || verb == Verb::kUnclear;
    const bool plain = HasNoObject(verb) && !opaque;
    bool has = !plain && !opaque;
    if (kind == ItemKind::kPlain) has = plain;
    if (kind == ItemKind::kOpaque) has = opaque;
    if (kind == ItemKind::kChart) has = has || verb == Verb::kUnclear;
    if (has) verbs.push_back(static_cast<std::uint16_t>(i));
  }
  return verbs;
}

}  // namespace

// Fills the axes one after another.
class SpaceBuilder {
 public:
  SpaceBuilder(QuestionSpace& space, const MatchedPatterns& patterns)
      : space_(space), patterns_(patterns) {}

  void Build(const CompiledPolicy& policy, UtcTime now) {
    AddPlaces();
    AddNames();
    AddTexts(patterns_.contexts, space_.contexts_);
    space_.contexts_.push_back({std::nullopt, "not known"});
    space_.dry_runs_ = {false};
    if (patterns_.dry_run) space_.dry_runs_.push_back(true);
    space_.pods_ = {PodSecurity::kNone};
    if (patterns_.pods) {
      space_.pods_ = {PodSecurity::kNone, PodSecurity::kUnknown,
                      PodSecurity::kRestricted, PodSecurity::kBaseline,
                      PodSecurity::kPrivileged};
    }
    AddCalls();
    AddSubjects();
    AddTimes(now);
    AddResources(policy);
  }

 private:
  using PlaceKind = QuestionSpace::PlaceItem::Kind;

  ValueClasses ClassesOf(const Patterns& patterns, ValueKind kind) {
    ValueClasses classes(patterns, kind);
    space_.exact_ = space_.exact_ && classes.exact();
    return classes;
  }

  void AddTexts(const Patterns& patterns,
                std::vector<QuestionSpace::TextItem>& items) {
    const ValueClasses classes = ClassesOf(patterns, ValueKind::kText);
    for (std::size_t i = 0; i < classes.values().size(); ++i) {
      items.push_back({classes.values()[i], classes.Label(i)});
    }
  }

  void AddPlaces() {
    const ValueClasses classes =
        ClassesOf(patterns_.namespaces, ValueKind::kLabel);
    for (std::size_t i = 0; i < classes.values().size(); ++i) {
      space_.places_.push_back(
          {PlaceKind::kNamespace, classes.values()[i], classes.Label(i)});
    }
    space_.places_.push_back({PlaceKind::kAll, "", "all at once"});
    space_.places_.push_back({PlaceKind::kUnknown, "", "not known"});
    space_.places_.push_back({PlaceKind::kCluster, "", "cluster scope"});
  }

  void AddNames() {
    Patterns names = patterns_.names;
    names.insert(names.end(), patterns_.protect.begin(),
                 patterns_.protect.end());
    AddTexts(names, space_.names_);
    space_.names_.push_back({"", "none"});
    space_.names_.push_back({std::nullopt, "not known"});
  }

  void AddCalls() {
    const bool any = !patterns_.tools.empty() || !patterns_.methods.empty() ||
                     !patterns_.uris.empty() || !patterns_.prompts.empty();
    const ValueClasses servers = ClassesOf(patterns_.servers, ValueKind::kText);
    for (std::size_t i = 0; i < servers.values().size(); ++i) {
      Classification call;
      call.server = servers.values()[i];
      call.known_tool = true;
      const std::string at =
          patterns_.servers.empty() ? "" : "server " + servers.Label(i) + ", ";
      AddTools(call, at);
      if (!any) continue;
      AddTargets(call, at, Asked::kResource, patterns_.uris);
      AddTargets(call, at, Asked::kPrompt, patterns_.prompts);
    }
  }

  void AddTools(Classification call, const std::string& at) {
    const ValueClasses tools = ClassesOf(patterns_.tools, ValueKind::kText);
    for (std::size_t i = 0; i < tools.values().size(); ++i) {
      call.tool = tools.values()[i];
      space_.calls_.push_back({call, at + "tool " + tools.Label(i)});
    }
  }

  void AddTargets(Classification call, const std::string& at, Asked asked,
                  const Patterns& patterns) {
    call.asked = asked;
    const ValueClasses methods = ClassesOf(patterns_.methods, ValueKind::kText);
    const ValueClasses targets = ClassesOf(patterns, ValueKind::kText);
    for (std::size_t m = 0; m < methods.values().size(); ++m) {
      for (std::size_t t = 0; t < targets.values().size(); ++t) {
        call.method = methods.values()[m];
        call.target = targets.values()[t];
        space_.calls_.push_back(
            {call, at + "method " + methods.Label(m) +
                       (asked == Asked::kPrompt ? ", prompt " : ", uri ") +
                       targets.Label(t)});
      }
    }
  }

  // A fact that nobody looks at is one of a single, known value.
  std::vector<std::string> FactsOf(const Patterns& patterns) {
    if (patterns.empty()) return {"x"};
    std::vector<std::string> facts =
        ClassesOf(patterns, ValueKind::kText).values();
    facts.emplace_back();
    return facts;
  }

  // Groups come in sets: each subset of the classes, or of many classes the
  // small ones and the whole.
  std::vector<std::vector<std::string>> GroupSets() {
    if (patterns_.groups.empty()) return {{"x"}};
    constexpr std::size_t kAllSubsets = 6;
    const auto values = ClassesOf(patterns_.groups, ValueKind::kText).values();
    std::vector<std::vector<std::string>> sets = {{}};
    for (const std::string& value : values) {
      const std::size_t count =
          values.size() > kAllSubsets
              ? std::min<std::size_t>(sets.size(), values.size() + 1)
              : sets.size();
      for (std::size_t i = 0; i < count; ++i) {
        sets.push_back(sets[i]);
        sets.back().push_back(value);
      }
    }
    space_.exact_ = space_.exact_ && values.size() <= kAllSubsets;
    return sets;
  }

  void AddSubjects() {
    const auto label = [](const Patterns& patterns, const char* name,
                          const std::string& fact) {
      if (patterns.empty()) return std::string();
      return std::string(name) + " " + (fact.empty() ? "not known" : fact) +
             ", ";
    };
    for (const std::string& user : FactsOf(patterns_.users)) {
      for (const auto& groups : GroupSets()) {
        std::string all;
        for (const std::string& group : groups) {
          all += (all.empty() ? "" : "+") + group;
        }
        for (const std::string& kube_user : FactsOf(patterns_.kube_users)) {
          for (const std::string& client : FactsOf(patterns_.clients)) {
            std::string text =
                label(patterns_.users, "user", user) +
                label(patterns_.groups, "groups", all) +
                label(patterns_.kube_users, "kube user", kube_user) +
                label(patterns_.clients, "client", client);
            if (text.ends_with(", ")) text.resize(text.size() - 2);
            space_.subjects_.push_back(
                {{user, groups, kube_user, client}, std::move(text)});
          }
        }
      }
    }
  }

  // What every window and end says of one time.
  std::string Signature(std::chrono::sys_seconds time) const {
    std::string signature;
    for (const TimeWindow& window : patterns_.windows) {
      signature += window.Holds(time) ? '1' : '0';
    }
    for (const auto& end : patterns_.ends) signature += time >= end ? '1' : '0';
    return signature;
  }

  // From `now`, and from each end on, a week in steps that no window is
  // shorter than; zones differ by quarters of an hour.
  void AddTimes(UtcTime now) {
    using std::chrono::days;
    using std::chrono::floor;
    using std::chrono::minutes;
    using std::chrono::seconds;
    using std::chrono::sys_seconds;
    const auto start = floor<seconds>(now);
    space_.times_ = {now};
    std::set<std::string> seen = {Signature(start)};
    const auto add = [&](sys_seconds time) {
      if (seen.insert(Signature(time)).second) space_.times_.push_back(time);
    };
    std::vector<sys_seconds> starts = {start};
    for (const auto& end : patterns_.ends) {
      starts.push_back(end - days(7) - seconds(1));
      starts.push_back(end);
    }
    for (const sys_seconds from : starts) {
      add(from);
      if (patterns_.windows.empty()) {
        add(from + days(7));
        continue;
      }
      for (sys_seconds time = floor<minutes>(from); time <= from + days(8);
           time += minutes(1)) {
        add(time);
      }
    }
  }

  void AddResources(const CompiledPolicy& policy) {
    const ResourceClasses classes(policy, patterns_);
    space_.exact_ = space_.exact_ && classes.exact();
    for (const auto& items : classes.classes()) {
      ResourceClass resource;
      for (const auto& item : items) {
        (item.odd ? resource.odd_names : resource.names).push_back(item.name);
      }
      resource.sample = items.front().sample;
      const ItemKind kind = items.front().kind;
      resource.verbs = VerbsOf(kind);
      resource.places = PlacesOf(kind);
      resource.object_names = NamesOf(kind, resource.sample);
      space_.resources_.push_back(std::move(resource));
    }
  }

  Indices PlacesOf(ItemKind kind) const {
    Indices all = EachOf(space_.places_.size());
    const std::uint16_t cluster = all.back();
    switch (kind) {
      case ItemKind::kCluster:
      case ItemKind::kPlain:
        return {cluster};
      case ItemKind::kOpaque:
        return {static_cast<std::uint16_t>(cluster - 1)};
      case ItemKind::kUnknown:
        return all;
      case ItemKind::kNamespaced:
      case ItemKind::kCustom:
      case ItemKind::kChart:
        all.pop_back();
        return all;
    }
    return all;
  }

  Indices NamesOf(ItemKind kind, const Request& sample) const {
    const Indices all = EachOf(space_.names_.size());
    const std::uint16_t unknown = all.back();
    switch (kind) {
      case ItemKind::kPlain:
        return {static_cast<std::uint16_t>(unknown - 1)};
      case ItemKind::kOpaque:
      case ItemKind::kChart:
        return {unknown};
      case ItemKind::kNamespaced:
      case ItemKind::kCluster:
      case ItemKind::kCustom:
      case ItemKind::kUnknown:
        break;
    }
    const bool matter = !patterns_.names.empty() || IsNamespaceObject(sample) ||
                        kind == ItemKind::kUnknown;
    return matter ? all : Indices{0};
  }

  QuestionSpace& space_;
  const MatchedPatterns& patterns_;
};

QuestionSpace::QuestionSpace(const CompiledPolicy& a, const CompiledPolicy& b,
                             UtcTime now) {
  const MatchedPatterns patterns = MatchedPatterns::Of(a, b);
  SpaceBuilder(*this, patterns).Build(a, now);
}

}  // namespace gatehouse
