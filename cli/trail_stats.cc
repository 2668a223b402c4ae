// SPDX-License-Identifier: Apache-2.0
#include "cli/trail_stats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "audit/utc_time.h"

namespace gatehouse::cli {
namespace {

using Values = std::vector<std::string>;

Values One(std::string value) {
  if (value.empty()) return {};
  return {std::move(value)};
}

// Each value once, however many of the call's requests have it.
template <typename Of>
Values OfRequests(const AuditCall& call, const Of& of) {
  std::set<std::string> values;
  for (const Request& request : call.requests) values.insert(of(request));
  values.erase("");
  return {values.begin(), values.end()};
}

std::string ResourceOf(const Request& request) {
  if (!request.resource) return "?";
  const std::string& sub = request.subresource.value_or("");
  return *request.resource + (sub.empty() ? "" : "/" + sub);
}

std::string NamespaceOf(const Request& request) {
  if (request.all_namespaces) return "*";
  return request.namespace_name.value_or("?");
}

std::string TimeOf(const AuditCall& call, std::size_t letters) {
  return audit::FormatUtc(call.stored.decision.time_ns).substr(0, letters);
}

// Stateless lambdas, in the order of --help.
constexpr std::array kFields = {
    StatsField{"tool", [](const AuditCall& c) { return One(c.What()); }},
    StatsField{"verb",
               [](const AuditCall& c) {
                 return OfRequests(c, [](const Request& r) {
                   return std::string(VerbName(r.verb));
                 });
               }},
    StatsField{"resource",
               [](const AuditCall& c) { return OfRequests(c, ResourceOf); }},
    StatsField{"namespace",
               [](const AuditCall& c) { return OfRequests(c, NamespaceOf); }},
    StatsField{"name",
               [](const AuditCall& c) {
                 return OfRequests(
                     c, [](const Request& r) { return r.name.value_or("?"); });
               }},
    StatsField{"code",
               [](const AuditCall& c) { return One(c.stored.decision.code); }},
    StatsField{"rule", [](const AuditCall& c) { return One(c.Field("rule")); }},
    StatsField{
        "decision",
        [](const AuditCall& c) { return One(c.stored.decision.decision); }},
    StatsField{"outcome", [](const AuditCall& c) { return One(c.outcome); }},
    StatsField{"mode", [](const AuditCall& c) { return One(c.Field("mode")); }},
    StatsField{"method",
               [](const AuditCall& c) { return One(c.Field("method")); }},
    StatsField{"user",
               [](const AuditCall& c) { return One(c.Field("os_user")); }},
    StatsField{"kube-user",
               [](const AuditCall& c) { return One(c.Field("kube_user")); }},
    StatsField{"client", [](const AuditCall& c) { return One(c.Client()); }},
    StatsField{"context",
               [](const AuditCall& c) { return One(c.Field("context")); }},
    StatsField{"server",
               [](const AuditCall& c) { return One(c.Field("server")); }},
    StatsField{
        "session",
        [](const AuditCall& c) { return One(c.stored.decision.session); },
        StatsField::Of::kSession},
    StatsField{"policy",
               [](const AuditCall& c) { return One(c.Field("policy")); }},
    StatsField{
        "day",
        [](const AuditCall& c) { return One(TimeOf(c, audit::kUtcDayBytes)); },
        StatsField::Of::kTime},
    StatsField{
        "hour",
        [](const AuditCall& c) { return One(TimeOf(c, audit::kUtcHourBytes)); },
        StatsField::Of::kTime},
};

CallCounts Once(const AuditCall& call) {
  const std::string& decision = call.stored.decision.decision;
  CallCounts once;
  once.calls = 1;
  once.allow = decision == "allow" ? 1 : 0;
  once.ask = decision == "ask" ? 1 : 0;
  once.deny = decision == "deny" ? 1 : 0;
  once.observed = call.Observed() ? 1 : 0;
  return once;
}

void Count(const CallCounts& once, CallCounts& counts) {
  counts.calls += once.calls;
  counts.allow += once.allow;
  counts.ask += once.ask;
  counts.deny += once.deny;
  counts.observed += once.observed;
}

}  // namespace

std::span<const StatsField> StatsFields() { return kFields; }

const StatsField* FindStatsField(std::string_view name) {
  const auto found = std::ranges::find_if(
      kFields, [name](const StatsField& field) { return field.name == name; });
  return found == kFields.end() ? nullptr : &*found;
}

TrailStats::TrailStats(std::vector<const StatsField*> fields)
    : fields_(std::move(fields)), by_(fields_.size()) {}

CallFacts TrailStats::FactsOf(const AuditCall& call) {
  CallFacts facts;
  facts.is_event = call.stored.decision.stage == "event";
  if (facts.is_event) {
    // Not by the tool that it is about.
    const std::string event = call.Field("event");
    facts.ending = &events_[event.empty() ? call.What() : event];
    return facts;
  }
  facts.once = Once(call);
  if (!call.outcome.empty()) facts.ending = &outcomes_[call.outcome];
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    for (std::string& value : fields_[i]->values(call)) {
      facts.values.push_back(&by_[i][std::move(value)]);
    }
  }
  return facts;
}

void TrailStats::Add(const CallFacts& facts, std::int64_t time_ns,
                     std::optional<std::int64_t> duration_us) {
  first_ns_ = first_ns_ == 0 ? time_ns : std::min(first_ns_, time_ns);
  last_ns_ = std::max(last_ns_, time_ns);
  if (facts.ending != nullptr) ++*facts.ending;
  if (facts.is_event) return;
  Count(facts.once, all_);
  for (CallCounts* const counts : facts.values) Count(facts.once, *counts);
  if (duration_us) durations_.push_back(*duration_us);
}

bool TrailStats::CountsBy(StatsField::Of of) const {
  return std::ranges::any_of(
      fields_, [of](const StatsField* field) { return field->of == of; });
}

std::int64_t TrailStats::Duration(double share) {
  if (durations_.empty()) return 0;
  const auto last = static_cast<double>(durations_.size() - 1);
  const auto place = durations_.begin() + std::lround(share * last);
  std::ranges::nth_element(durations_, place);
  return *place;
}

std::vector<ValueCounts> TrailStats::By(std::size_t field) const {
  std::vector<ValueCounts> values;
  for (const auto& [value, counts] : by_[field]) {
    values.push_back({value, counts});
  }
  std::ranges::stable_sort(values, [](const auto& a, const auto& b) {
    return a.counts.calls > b.counts.calls;
  });
  return values;
}

}  // namespace gatehouse::cli
