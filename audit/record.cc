// SPDX-License-Identifier: Apache-2.0
#include "audit/record.h"

#include "audit/digest.h"
#include "audit/utc_time.h"
#include "policy/json_writer.h"

namespace gatehouse::audit {
namespace {

void Field(JsonWriter& out, std::string_view key, std::string_view text) {
  if (!text.empty()) out.Key(key).String(text);
}

// `json` is finished JSON text: a message id or masked arguments, both written
// by our own writer.
void RawField(JsonWriter& out, std::string_view key, std::string_view json) {
  if (!json.empty()) out.Key(key).Raw(json);
}

void WriteWho(const Record& record, JsonWriter& out) {
  if (!record.os_user.empty()) {
    out.Key("os_user").String(record.os_user);
    out.Key("uid").Unsigned(record.uid);  // 0 is root, and worth saying
  }
  if (record.pid != 0) out.Key("pid").Integer(record.pid);
  Field(out, "kube_user", record.kube_user);
  Field(out, "context", record.context);
  if (record.client_name.empty() && record.client_version.empty()) return;
  out.Key("client").BeginObject();
  Field(out, "name", record.client_name);
  Field(out, "version", record.client_version);
  out.Key("self_reported").Bool(true).EndObject();
}

void WriteRequests(const Record& record, JsonWriter& out) {
  if (!record.requests.empty()) {
    out.Key("requests").BeginArray();
    for (const Request& request : record.requests) WriteRequest(request, out);
    out.EndArray();
  }
  if (!record.unclear) return;
  out.Key("unclear").BeginObject();
  out.Key("reason").String(record.unclear->reason);
  Field(out, "argument", record.unclear->argument);
  out.EndObject();
}

void WriteAsked(const Record& record, JsonWriter& out) {
  Field(out, "event", record.event);
  Field(out, "method", record.method);
  Field(out, "protocol_version", record.protocol_version);
  RawField(out, "rpc_id", record.rpc_id);
  Field(out, "server", record.server);
  Field(out, "tool", record.tool);
  WriteRequests(record, out);
  RawField(out, "arguments", record.arguments);
  Field(out, "arguments_digest", record.arguments_digest);
  Field(out, "traceparent", record.traceparent);
}

void WriteDecision(const Decision& decision, JsonWriter& out) {
  out.Key("decision").String(EffectName(decision.effect));
  out.Key("code").String(CodeName(decision.code));
  Field(out, "rule", decision.rule);
  Field(out, "sentence", decision.sentence);
  out.Key("deciding_request").Unsigned(decision.request);
  out.Key("enforced").Bool(decision.enforced);
  if (decision.reveals) out.Key("reveals").Bool(true);
  if (!decision.observed) return;
  out.Key("observed").BeginObject();
  out.Key("decision").String(EffectName(decision.observed->first));
  Field(out, "rule", decision.observed->second);
  out.EndObject();
}

void WriteOutcome(const Record& record, JsonWriter& out) {
  out.Key("outcome").String(OutcomeName(*record.outcome));
  out.Key("bytes").Unsigned(record.bytes);
  out.Key("duration_us").Integer(record.duration_us);
  Field(out, "result_digest", record.result_digest);
  if (!record.masked.empty()) {
    out.Key("masked").BeginObject();
    for (const auto& [kind, count] : record.masked) {
      out.Key(kind).Unsigned(count);
    }
    out.EndObject();
  }
  if (record.controls != 0) out.Key("controls").Unsigned(record.controls);
}

}  // namespace

std::string_view StageName(Stage stage) {
  switch (stage) {
    case Stage::kEvent:
      return "event";
    case Stage::kDecision:
      return "decision";
    case Stage::kOutcome:
      return "outcome";
  }
  return "event";
}

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kUnknown:
      return "unknown";
    case Outcome::kOk:
      return "ok";
    case Outcome::kToolError:
      return "tool-error";
    case Outcome::kRpcError:
      return "rpc-error";
    case Outcome::kCancelled:
      return "cancelled";
    case Outcome::kTimeout:
      return "timeout";
    case Outcome::kServerDied:
      return "server-died";
  }
  return "unknown";
}

std::string WritePayload(const Record& record) {
  JsonWriter out;
  out.BeginObject();
  out.Key("stage").String(StageName(record.stage));
  out.Key("time").String(FormatUtc(record.time_ns));
  Field(out, "session", record.session);
  Field(out, "call", record.call);
  WriteWho(record, out);
  WriteAsked(record, out);
  if (record.decision) WriteDecision(*record.decision, out);
  Field(out, "policy", record.policy_hash);
  Field(out, "mode", record.mode);
  if (record.outcome) WriteOutcome(record, out);
  Field(out, "detail", record.detail);
  out.EndObject();
  return out.Take();
}

std::string NewUuidV7(std::int64_t unix_ms) {
  return UuidV7Of(unix_ms, RandomBytes(kUuidBytes));
}

}  // namespace gatehouse::audit
