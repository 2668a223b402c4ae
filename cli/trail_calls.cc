// SPDX-License-Identifier: Apache-2.0
#include "cli/trail_calls.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "audit/utc_time.h"
#include "cli/audit.h"
#include "cli/audit_since.h"
#include "cli/os_user.h"
#include "cli/trail_reading.h"
#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

// Whether a policy said it; what the guard refuses of itself no policy can
// change, and a limit is a count and no rule.
bool IsPolicysOwn(Code code) {
  constexpr std::array kOwn = {
      Code::kAllowed,         Code::kDeniedByRule,
      Code::kNoRule,          Code::kOutsideScope,
      Code::kProtected,       Code::kUnclear,
      Code::kUnknownTool,     Code::kSensitive,
      Code::kContext,         Code::kApprovalTimeout,
      Code::kApprovalRefused, Code::kApprovalUnavailable};
  return std::ranges::find(kOwn, code) != kOwn.end();
}

Effect EffectThen(std::string_view decision, Code code) {
  // An ask that nobody answered is recorded as the refusal it came to.
  if (code == Code::kApprovalUnavailable || code == Code::kApprovalTimeout ||
      code == Code::kApprovalRefused) {
    return Effect::kAsk;
  }
  return decision == EffectName(Effect::kAllow) ? Effect::kAllow
                                                : Effect::kDeny;
}

std::optional<Unclear> UnclearOf(const JsonValue& asked) {
  const JsonValue* unclear = Member(asked, "unclear");
  if (unclear == nullptr) return std::nullopt;
  return Unclear{std::string(StringMember(*unclear, "reason").value_or("")),
                 std::string(StringMember(*unclear, "argument").value_or(""))};
}

Subject SubjectOf(const AuditCall& recorded, const OsUser& me) {
  Subject subject;
  subject.user = recorded.Field("os_user");
  subject.kube_user = recorded.Field("kube_user");
  if (const JsonValue* client = Member(recorded.asked, "client")) {
    subject.client = StringMember(*client, "name").value_or("");
  }
  if (subject.user == me.name) subject.groups = me.groups;
  return subject;
}

std::optional<TrailCall> CallOf(const AuditCall& recorded, const OsUser& me) {
  const audit::StoredRecord& row = recorded.stored.decision;
  const auto code = CodeFromName(row.code);
  if (!code || !IsPolicysOwn(*code) || recorded.requests.empty()) {
    return std::nullopt;
  }
  // Of MCP's other methods the trail does not keep all that rules ask for.
  if (row.tool.empty()) return std::nullopt;
  TrailCall call;
  call.seq = row.seq;
  call.call.server = recorded.Field("server");
  call.call.tool = row.tool;
  call.call.known_tool = *code != Code::kUnknownTool;
  call.call.requests = recorded.requests;
  call.call.unclear = UnclearOf(recorded.asked);
  call.subject = SubjectOf(recorded, me);
  call.time = UtcTime(std::chrono::duration_cast<UtcTime::duration>(
      std::chrono::nanoseconds(row.time_ns)));
  call.context = recorded.Field("context");
  call.effect = EffectThen(row.decision, *code);
  const JsonValue* enforced = Member(recorded.asked, "enforced");
  call.forwarded = call.effect == Effect::kAllow ||
                   (enforced != nullptr && AsBool(*enforced) == false);
  const std::string rule = recorded.Field("rule");
  call.why = rule.empty() ? row.code : rule;
  return call;
}

}  // namespace

void AddTrailOptions(Command command, TrailChoice& choice) {
  AddDatabaseOption(command, choice.database);
  command.Add("--since", choice.since,
              "Not older than: 90s, 15m, 1h, 14d, or 2026-01-31");
  command.Add("--user", choice.user,
              "Only calls of this user of the operating system");
}

Result<TrailCalls> ReadTrailCalls(const TrailChoice& choice) {
  audit::Filter filter;
  filter.limit = 0;
  if (!choice.since.empty()) {
    filter.since_ns = ReadSince(choice.since, audit::NowNanoseconds());
    if (!filter.since_ns) {
      return Error{ErrorCode::kInvalid,
                   "--since takes a time ago such as 90s, 15m, 1h, 14d, or a "
                   "date such as 2026-01-31"};
    }
  }
  const auto reader = OpenTrail(choice.database);
  if (!reader.ok()) return reader.error();
  auto stored = reader.value()->List(filter);
  if (!stored.ok()) return stored.error();
  RecordReading(choice.database, choice.spoken);
  const OsUser me = CurrentUser();
  TrailCalls found;
  for (audit::StoredCall& one : stored.value()) {
    if (one.decision.stage != "decision") continue;
    const AuditCall recorded = ReadCall(std::move(one));
    if (!choice.user.empty() && recorded.Field("os_user") != choice.user) {
      continue;
    }
    auto call = CallOf(recorded, me);
    if (call) {
      found.calls.push_back(*std::move(call));
    } else if (!recorded.stored.decision.decision.empty()) {
      ++found.left_out;
    }
  }
  return found;
}

}  // namespace gatehouse::cli
