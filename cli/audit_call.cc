// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_call.h"

#include <utility>

#include "audit/utc_time.h"
#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

JsonValue ReadPayload(const audit::StoredRecord& record) {
  if (!record.payload) return nullptr;
  Result<JsonValue> value = ParseJson(*record.payload);
  return value.ok() ? std::move(value).value() : JsonValue(nullptr);
}

std::string TextOf(const JsonValue& object, std::string_view key) {
  return std::string(StringMember(object, key).value_or(""));
}

std::optional<std::string> Known(const JsonValue& object,
                                 std::string_view key) {
  const auto text = StringMember(object, key);
  if (!text) return std::nullopt;
  return std::string(*text);
}

bool Flag(const JsonValue& object, std::string_view key) {
  const JsonValue* const value = Member(object, key);
  return value != nullptr && AsBool(*value).value_or(false);
}

PodFacts ReadPods(const JsonValue& object) {
  PodFacts pods;
  if (Member(object, "pod_security") == nullptr) {
    pods.security = PodSecurity::kNone;
    return pods;
  }
  pods.security = PodStandardFromName(TextOf(object, "pod_security"))
                      .value_or(PodSecurity::kUnknown);
  pods.because = TextOf(object, "pod_because");
  pods.host_paths = Flag(object, "host_paths");
  pods.service_account = Known(object, "service_account");
  return pods;
}

// The inverse of WriteRequest.
Request ReadRequest(const JsonValue& object) {
  Request request;
  request.verb = VerbFromName(StringMember(object, "verb").value_or(""))
                     .value_or(Verb::kUnknown);
  request.group = Known(object, "group");
  request.resource = Known(object, "resource");
  request.subresource = Known(object, "subresource");
  request.namespace_name = Known(object, "namespace");
  request.name = Known(object, "name");
  request.context = Known(object, "context");
  request.all_namespaces = Flag(object, "all_namespaces");
  request.dry_run = Flag(object, "dry_run");
  request.path = Known(object, "path");
  request.helm = HelmPartFromName(StringMember(object, "helm").value_or(""));
  request.pods = ReadPods(object);
  if (const JsonValue* custom = Member(object, "custom")) {
    request.custom = {TextOf(*custom, "word"), Known(*custom, "namespace")};
  }
  return request;
}

std::string OutcomeOf(const AuditCall& call) {
  // An outcome that was asked for by itself.
  if (call.stored.decision.stage == "outcome") return call.Field("outcome");
  if (!call.stored.outcome) return call.WasForwarded() ? "unknown" : "";
  const std::string outcome = TextOf(call.came_of_it, "outcome");
  return outcome.empty() ? std::string(kErasedOutcome) : outcome;
}

void WriteNumber(const JsonValue& object, std::string_view key,
                 JsonWriter& out) {
  const JsonValue* const number = Member(object, key);
  out.Key(key);
  if (number == nullptr) {
    out.Null();
  } else {
    out.Value(*number);
  }
}

void WriteKnown(std::string_view key, const std::string& text,
                JsonWriter& out) {
  out.Key(key).Optional(text.empty() ? std::nullopt
                                     : std::optional<std::string>(text));
}

}  // namespace

std::string AuditCall::Field(std::string_view key) const {
  return TextOf(asked, key);
}

std::string AuditCall::Client() const {
  const JsonValue* const client = Member(asked, "client");
  return client == nullptr ? "" : TextOf(*client, "name");
}

std::string AuditCall::Why() const {
  const std::string rule = Field("rule");
  return rule.empty() ? stored.decision.code : rule;
}

const JsonValue& AuditCall::End() const {
  return stored.decision.stage == "outcome" ? asked : came_of_it;
}

bool AuditCall::WasForwarded() const {
  const audit::StoredRecord& decision = stored.decision;
  if (decision.call.empty() || decision.stage != "decision") return false;
  const JsonValue* const enforced = Member(asked, "enforced");
  return decision.decision == "allow" ||
         (enforced != nullptr && AsBool(*enforced) == false);
}

bool AuditCall::Observed() const {
  const std::string& decision = stored.decision.decision;
  return !decision.empty() && decision != "allow" && WasForwarded();
}

std::string AuditCall::What() const {
  if (!stored.decision.tool.empty()) return stored.decision.tool;
  const std::string event = Field("event");
  return event.empty() ? Field("method") : event;
}

std::string AuditCall::RequestsInShort() const {
  std::string text;
  for (const bool reading : {false, true}) {
    for (const Request& request : requests) {
      if (IsReading(request.verb) != reading) continue;
      if (!text.empty()) text += "; ";
      text += Describe(request);
    }
  }
  return text;
}

AuditCall ReadCall(audit::StoredCall stored) {
  AuditCall call;
  call.stored = std::move(stored);
  call.asked = ReadPayload(call.stored.decision);
  const JsonValue* const requests = Member(call.asked, "requests");
  if (requests != nullptr) {
    for (const JsonValue* request : Elements(*requests)) {
      call.requests.push_back(ReadRequest(*request));
    }
  }
  if (call.stored.outcome) call.came_of_it = ReadPayload(*call.stored.outcome);
  call.outcome = OutcomeOf(call);
  return call;
}

void AddOutcome(AuditCall& call, const audit::StoredRecord& record) {
  call.came_of_it = ReadPayload(record);
  call.stored.outcome = record;
  call.outcome = OutcomeOf(call);
}

void WriteCall(const AuditCall& call, JsonWriter& out) {
  const audit::StoredRecord& row = call.stored.decision;
  out.BeginObject();
  out.Key("seq").Unsigned(row.seq);
  out.Key("time").String(audit::FormatUtc(row.time_ns));
  out.Key("stage").String(row.stage);
  WriteKnown("session", row.session, out);
  WriteKnown("call", row.call, out);
  WriteKnown("user", call.Field("os_user"), out);
  WriteKnown("kube_user", call.Field("kube_user"), out);
  WriteKnown("context", call.Field("context"), out);
  WriteKnown("client", call.Client(), out);
  WriteKnown("event", call.Field("event"), out);
  WriteKnown("method", call.Field("method"), out);
  WriteKnown("server", call.Field("server"), out);
  WriteKnown("tool", row.tool, out);
  WriteKnown("decision", row.decision, out);
  WriteKnown("code", row.code, out);
  WriteKnown("rule", call.Field("rule"), out);
  WriteKnown("mode", call.Field("mode"), out);
  const JsonValue* const enforced = Member(call.asked, "enforced");
  out.Key("enforced")
      .Value(enforced != nullptr ? *enforced : JsonValue(nullptr));
  out.Key("requests").BeginArray();
  for (const Request& request : call.requests) WriteRequest(request, out);
  out.EndArray();
  WriteKnown("outcome", call.outcome, out);
  WriteNumber(call.End(), "duration_us", out);
  WriteNumber(call.End(), "bytes", out);
  WriteKnown("detail", call.Field("detail"), out);
  out.EndObject();
}

}  // namespace gatehouse::cli
