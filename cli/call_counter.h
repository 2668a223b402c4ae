// SPDX-License-Identifier: Apache-2.0
#pragma once
// From records that come in order to counted calls, for `audit stats`: each
// forwarded decision waits for its outcome. Most calls of a trail have all in
// common but their times, ids and arguments, so what is counted of them is
// worked out once for all calls that are alike (payload_reader.h).

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "audit/record.h"
#include "cli/audit_call.h"
#include "cli/payload_reader.h"
#include "cli/trail_stats.h"

namespace gatehouse::cli {

// Borrows the stats, which must not move. One thread. Holds the calls that are
// under way, and some thousands of kinds of calls.
class CallCounter {
 public:
  explicit CallCounter(TrailStats& stats) : stats_(stats) {}

  // Outcomes of calls that were not seen are passed over.
  void Add(const audit::StoredRecord& record);
  // The calls whose outcome never came.
  void AddRest();

 private:
  // Calls that are alike, so far as their decision tells.
  struct Kind {
    AuditCall call;
    std::unordered_map<std::string, CallFacts> facts;  // by outcome
  };
  struct Open {
    Kind* kind = nullptr;
    std::unique_ptr<Kind> own;  // of a call that is like no other
    std::int64_t time_ns = 0;
  };

  Open Find(const audit::StoredRecord& record);
  std::string KeyOf(const audit::StoredRecord& record,
                    std::string_view common) const;
  void Count(Kind& kind, std::int64_t time_ns, const PayloadReader::End& end);

  TrailStats& stats_;
  PayloadReader reader_;
  std::unordered_map<std::string, Kind> kinds_;
  std::unordered_map<std::string, Open> open_;  // by call
};

}  // namespace gatehouse::cli
