// SPDX-License-Identifier: Apache-2.0
#include "cli/call_counter.h"

#include <utility>

#include "audit/utc_time.h"

namespace gatehouse::cli {
namespace {

// A few kilobytes each. Beyond it, calls that are like none of these are worked
// out one by one.
constexpr std::size_t kMaxKinds = 5'000;

}  // namespace

// All that a field's values may depend on, outcome apart.
std::string CallCounter::KeyOf(const audit::StoredRecord& record,
                               std::string_view common) const {
  std::string key(common);
  for (const std::string* column :
       {&record.stage, &record.tool, &record.decision, &record.code}) {
    key.append(1, '\0').append(*column);
  }
  if (record.call.empty()) key.append(1, '\0');  // it was not forwarded
  if (stats_.CountsBy(StatsField::Of::kSession)) key += record.session;
  if (stats_.CountsBy(StatsField::Of::kTime)) {
    key += audit::FormatUtc(record.time_ns).substr(0, audit::kUtcHourBytes);
  }
  return key;
}

CallCounter::Open CallCounter::Find(const audit::StoredRecord& record) {
  const std::string_view common =
      record.payload ? reader_.Common(*record.payload) : std::string_view();
  std::string key = KeyOf(record, common);
  Open open;
  open.time_ns = record.time_ns;
  const auto found = kinds_.find(key);
  if (found != kinds_.end()) {
    open.kind = &found->second;
    return open;
  }
  audit::StoredRecord alike = record;
  if (alike.payload) alike.payload.emplace(common);
  Kind kind{ReadCall({std::move(alike), std::nullopt}), {}};
  if (kinds_.size() < kMaxKinds) {
    open.kind = &kinds_.emplace(std::move(key), std::move(kind)).first->second;
  } else {
    open.own = std::make_unique<Kind>(std::move(kind));
    open.kind = open.own.get();
  }
  return open;
}

void CallCounter::Count(Kind& kind, std::int64_t time_ns,
                        const PayloadReader::End& end) {
  auto found = kind.facts.find(end.outcome);
  if (found == kind.facts.end()) {
    kind.call.outcome = end.outcome;
    found = kind.facts.emplace(end.outcome, stats_.FactsOf(kind.call)).first;
  }
  stats_.Add(found->second, time_ns, end.duration_us);
}

void CallCounter::Add(const audit::StoredRecord& record) {
  if (record.stage != audit::StageName(audit::Stage::kOutcome)) {
    Open open = Find(record);
    // Unknown until its outcome comes: then it went on.
    if (open.kind->call.WasForwarded()) {
      open_.insert_or_assign(record.call, std::move(open));
    } else {
      Count(*open.kind, record.time_ns, {});
    }
    return;
  }
  const auto found = open_.find(record.call);
  if (found == open_.end()) return;
  PayloadReader::End end;
  if (record.payload) end = reader_.ReadEnd(*record.payload);
  if (end.outcome.empty()) end.outcome = kErasedOutcome;
  Count(*found->second.kind, found->second.time_ns, end);
  open_.erase(found);
}

void CallCounter::AddRest() {
  const PayloadReader::End unknown{
      std::string(audit::OutcomeName(audit::Outcome::kUnknown)), std::nullopt};
  for (auto& [call, open] : open_) {
    Count(*open.kind, open.time_ns, unknown);
  }
  open_.clear();
}

}  // namespace gatehouse::cli
