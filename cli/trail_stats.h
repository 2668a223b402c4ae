// SPDX-License-Identifier: Apache-2.0
#pragma once
// Counts calls of the trail: how many, decided how, by which value of a field.
// Calls come one at a time, so that memory grows with the number of distinct
// values and not with the trail (but for eight bytes a call, for percentiles).
// Prints nothing: that is audit_stats.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/audit_call.h"

namespace gatehouse::cli {

struct CallCounts {
  std::uint64_t calls = 0;
  std::uint64_t allow = 0;
  std::uint64_t ask = 0;
  std::uint64_t deny = 0;
  std::uint64_t observed = 0;  // refusals that went on all the same
};

// A field to count by: "tool", "verb", "day", …
struct StatsField {
  // What its values come from, beside what calls of a kind have in common.
  enum class Of : std::uint8_t { kKind = 0, kSession, kTime };

  const char* name;
  // The values that a call has of it: none, or several of its requests.
  std::vector<std::string> (*values)(const AuditCall&);
  Of of = Of::kKind;
};
std::span<const StatsField> StatsFields();
const StatsField* FindStatsField(std::string_view name);

struct ValueCounts {
  std::string value;
  CallCounts counts;
};

// Where a call counts: worked out once for calls that are alike. Points into
// the stats that made it.
struct CallFacts {
  bool is_event = false;
  CallCounts once;                  // what it adds
  std::vector<CallCounts*> values;  // to each of these
  std::uint64_t* ending = nullptr;  // of its outcome, or of its event
};

// One thread. Facts are of use as long as it is where it was.
class TrailStats {
 public:
  // Counts by these, which must outlive it.
  explicit TrailStats(std::vector<const StatsField*> fields);

  // Of a call that is whole, or an event.
  CallFacts FactsOf(const AuditCall& call);
  // One more such call: when it was, and how long it took where that is known.
  void Add(const CallFacts& facts, std::int64_t time_ns,
           std::optional<std::int64_t> duration_us);
  // Whether some field's values come from there.
  bool CountsBy(StatsField::Of of) const;

  const CallCounts& all() const { return all_; }
  const std::map<std::string, std::uint64_t>& outcomes() const {
    return outcomes_;
  }
  const std::map<std::string, std::uint64_t>& events() const { return events_; }
  // Nanoseconds of the first and the last call or event; 0 where none is.
  std::int64_t first_ns() const { return first_ns_; }
  std::int64_t last_ns() const { return last_ns_; }
  // How long calls took, in us, that `share` of them (0 to 1) do not pass; 0
  // where none has an end.
  std::int64_t Duration(double share);
  // Of the n-th field: most calls first.
  std::vector<ValueCounts> By(std::size_t field) const;

 private:
  std::vector<const StatsField*> fields_;
  std::vector<std::map<std::string, CallCounts>> by_;
  CallCounts all_;
  std::map<std::string, std::uint64_t> outcomes_;
  std::map<std::string, std::uint64_t> events_;
  std::vector<std::int64_t> durations_;
  std::int64_t first_ns_ = 0;
  std::int64_t last_ns_ = 0;
};

}  // namespace gatehouse::cli
