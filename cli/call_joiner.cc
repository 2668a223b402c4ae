// SPDX-License-Identifier: Apache-2.0
#include "cli/call_joiner.h"

#include <algorithm>
#include <utility>

namespace gatehouse::cli {

std::optional<AuditCall> CallJoiner::Add(const audit::StoredRecord& record) {
  if (record.stage != "outcome") {
    AuditCall call = ReadCall({record, std::nullopt});
    if (call.outcome.empty()) return call;
    open_.insert_or_assign(record.call, std::move(call));
    return std::nullopt;
  }
  const auto found = open_.find(record.call);
  if (found == open_.end()) return std::nullopt;
  AuditCall call = std::move(found->second);
  open_.erase(found);
  AddOutcome(call, record);
  return call;
}

std::vector<AuditCall> CallJoiner::Rest() {
  std::vector<AuditCall> rest;
  rest.reserve(open_.size());
  for (auto& [id, call] : open_) rest.push_back(std::move(call));
  open_.clear();
  std::ranges::sort(
      rest, {}, [](const AuditCall& call) { return call.stored.decision.seq; });
  return rest;
}

}  // namespace gatehouse::cli
