// SPDX-License-Identifier: Apache-2.0
// `gatehouse audit show SEQ`: one call whole: who, what, the requests, the
// decision with its rule and the policy's text at that time, and the outcome.
#include <iostream>
#include <memory>
#include <sstream>
#include <utility>

#include "audit/digest.h"
#include "audit/utc_time.h"
#include "cli/audit.h"
#include "cli/audit_call.h"
#include "cli/table.h"
#include "cli/trail_reading.h"
#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

struct ShowOptions {
  std::string database;
  std::string format = "text";
  std::string spoken;
  audit::Sequence seq = 0;
};

void WriteStored(const audit::StoredRecord& row, JsonWriter& out) {
  out.BeginObject();
  out.Key("seq").Unsigned(row.seq);
  out.Key("time").String(audit::FormatUtc(row.time_ns));
  out.Key("previous").String(audit::Hex(row.previous));
  out.Key("hash").String(audit::Hex(row.hash));
  out.Key("payload");
  if (row.payload && ParseJson(*row.payload).ok()) {
    out.Raw(*row.payload);
  } else {
    out.Null();  // erased
  }
  out.EndObject();
}

void PrintJson(const AuditCall& call, const std::string& policy) {
  JsonWriter out;
  out.BeginObject();
  out.Key("call");
  WriteCall(call, out);
  out.Key("decision");
  WriteStored(call.stored.decision, out);
  out.Key("outcome");
  if (call.stored.outcome) {
    WriteStored(*call.stored.outcome, out);
  } else {
    out.Null();
  }
  out.Key("policy").Optional(
      policy.empty() ? std::nullopt : std::optional<std::string>(policy));
  out.EndObject();
  std::cout << out.text() << "\n";
}

// "name    value", nothing where there is no value.
void Line(std::string_view name, const std::string& value) {
  constexpr std::size_t kNameWidth = 12;
  if (value.empty()) return;
  std::string head(name);
  head.resize(kNameWidth, ' ');
  std::cout << Styled(Style::kStrong, head) << Printable(value) << "\n";
}

std::string JsonText(const JsonValue& object, std::string_view key) {
  const JsonValue* const value = Member(object, key);
  if (value == nullptr) return "";
  JsonWriter out;
  return out.Value(*value).Take();
}

std::string Client(const AuditCall& call) {
  const JsonValue* const client = Member(call.asked, "client");
  if (client == nullptr) return "";
  std::string text(StringMember(*client, "name").value_or("?"));
  const auto version = StringMember(*client, "version");
  if (version) text += " " + std::string(*version);
  return text + " (says of itself)";
}

void PrintWho(const AuditCall& call) {
  const audit::StoredRecord& row = call.stored.decision;
  Line("record", std::to_string(row.seq) + "  " + row.stage);
  Line("time", audit::FormatUtc(row.time_ns));
  Line("session", row.session);
  Line("call", row.call);
  const std::string user = call.Field("os_user");
  if (!user.empty()) {
    Line("user", user + " (uid " + JsonText(call.asked, "uid") + ", pid " +
                     JsonText(call.asked, "pid") + ")");
  }
  Line("cluster",
       call.Field("kube_user") +
           (call.Field("context").empty() ? "" : " @" + call.Field("context")));
  Line("client", Client(call));
}

void PrintAsked(const AuditCall& call) {
  Line("event", call.Field("event"));
  Line("method", call.Field("method"));
  Line("server", call.Field("server"));
  Line("tool", call.stored.decision.tool);
  Line("arguments", JsonText(call.asked, "arguments"));
  for (const Request& request : call.requests) {
    Line("request", Describe(request));
  }
  const JsonValue* const unclear = Member(call.asked, "unclear");
  if (unclear != nullptr) {
    Line("unclear", std::string(StringMember(*unclear, "reason").value_or("")));
  }
}

void PrintDecision(const AuditCall& call) {
  const audit::StoredRecord& row = call.stored.decision;
  Line("decision", row.decision);
  Line("code", row.code);
  Line("rule", call.Field("rule"));
  Line("sentence", call.Field("sentence"));
  Line("mode", call.Field("mode"));
  Line("detail", call.Field("detail"));
  if (!row.payload) Line("payload", "erased; its digest still stands");
}

void PrintOutcome(const AuditCall& call) {
  Line("outcome", call.outcome);
  if (!call.stored.outcome) return;
  Line("answered", audit::FormatUtc(call.stored.outcome->time_ns) +
                       "  (record " + std::to_string(call.stored.outcome->seq) +
                       ")");
  Line("took", JsonText(call.came_of_it, "duration_us") + " us");
  Line("bytes", JsonText(call.came_of_it, "bytes"));
  Line("detail",
       std::string(StringMember(call.came_of_it, "detail").value_or("")));
}

void PrintText(const AuditCall& call, const std::string& policy) {
  PrintWho(call);
  PrintAsked(call);
  PrintDecision(call);
  PrintOutcome(call);
  Line("hash", audit::Hex(call.stored.decision.hash));
  Line("policy", call.Field("policy"));
  std::istringstream lines(policy);
  for (std::string line; std::getline(lines, line);) {
    std::cout << "  " << Printable(line) << "\n";
  }
}

int Show(const ShowOptions& options) {
  const auto reader = OpenTrail(options.database);
  if (!reader.ok()) return FailedToRead(reader.error());
  auto stored = reader.value()->Show(options.seq);
  if (!stored.ok()) {
    const int exit_code = FailedToRead(stored.error());
    return stored.error().code == ErrorCode::kNotFound ? kExitNo : exit_code;
  }
  const AuditCall call = ReadCall(std::move(stored).value());
  const Result<std::string> policy =
      reader.value()->PolicyText(call.Field("policy"));
  const std::string text = policy.ok() ? policy.value() : "";
  RecordReading(options.database, options.spoken);
  if (options.format == "json") {
    PrintJson(call, text);
  } else {
    PrintText(call, text);
  }
  return kExitDone;
}

}  // namespace

void AddAuditShow(Command audit) {
  const Command command = audit.AddCommand(
      "show",
      "One call whole: its requests, its rule, the policy's text at that "
      "time, and its outcome");
  auto options = std::make_shared<ShowOptions>();
  command.Add("SEQ", options->seq, "Number of a record of the call").Required();
  AddDatabaseOption(command, options->database);
  command.Add("--format", options->format, "How to print")
      .OneOf({"text", "json"})
      .ShowDefault();
  command.Do([options, command] {
    options->spoken = command.Spoken();
    return Show(*options);
  });
}

}  // namespace gatehouse::cli
