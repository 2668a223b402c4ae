// SPDX-License-Identifier: Apache-2.0
#pragma once
// Puts records that come in order together to calls: each forwarded decision
// waits for its outcome. For `audit stats` and `audit tail --outcome`.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/audit_call.h"

namespace gatehouse::cli {

// Holds the calls that are under way, no others. One thread.
class CallJoiner {
 public:
  // A call that is whole now: an event or a refusal at once, a forwarded call
  // with its outcome. Outcomes of calls that were not seen are passed over.
  std::optional<AuditCall> Add(const audit::StoredRecord& record);

  // Calls whose outcome never came, oldest first; forgets them.
  std::vector<AuditCall> Rest();

 private:
  std::unordered_map<std::string, AuditCall> open_;
};

}  // namespace gatehouse::cli
