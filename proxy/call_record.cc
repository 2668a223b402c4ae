// SPDX-License-Identifier: Apache-2.0
#include "proxy/call_record.h"

#include <string>
#include <utility>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

// W3C trace context is 55 bytes; more is not one.
constexpr std::size_t kMaxTraceBytes = 128;

std::string TraceParent(const Message& message) {
  const JsonValue* meta = message.meta();
  if (meta == nullptr) return {};
  const auto trace = StringMember(*meta, "traceparent");
  if (!trace.has_value() || trace->size() > kMaxTraceBytes) return {};
  return std::string(*trace);
}

// Of a tool call its arguments; of another method its params, without those
// that belong to the protocol. JSON text, "" where there are none.
std::string WhatIsAsked(const Message& message) {
  if (message.method == "tools/call") {
    const JsonValue* arguments = message.arguments();
    return arguments == nullptr ? "" : JsonWriter().Value(*arguments).Take();
  }
  const JsonValue* params = message.params();
  if (params == nullptr) return "";
  JsonWriter asked;
  asked.BeginObject();
  for (const auto& [key, value] : Members(*params)) {
    if (key == "_meta" || key == "inputResponses" || key == "requestState") {
      continue;
    }
    asked.Key(key).Value(*value);
  }
  return asked.EndObject().Take();
}

}  // namespace

audit::Record RecordMaker::OfCall(const Message& message,
                                  const Judgement& judgement,
                                  std::string_view call_id) const {
  audit::Record record = trail_.Make(audit::Stage::kDecision);
  record.call = call_id;
  record.method = message.method;
  record.protocol_version = RevisionOf(message);
  if (record.protocol_version.empty()) {
    record.protocol_version = session_.revision();
  }
  if (message.id.has_value()) record.rpc_id = message.id->text;
  record.tool = judgement.call.tool;
  record.requests = judgement.call.requests;
  record.unclear = judgement.call.unclear;
  if (std::string asked = WhatIsAsked(message); !asked.empty()) {
    record.arguments_digest = redactor_.Digest(asked);
    record.arguments =
        redactor_.MaskArgumentText(std::move(asked), judgement.call).text;
  }
  record.traceparent = TraceParent(message);
  record.decision = judgement.decision;
  record.policy_hash = judgement.policy_hash;
  record.mode = judgement.mode == Mode::kObserve ? "observe" : "enforce";
  record.context = judgement.context;
  if (judgement.pin) {
    record.detail = "pinned: " + judgement.pin->argument + " \"" +
                    judgement.pin->namespace_name +
                    "\" was written into the call";
  }
  redactor_.Clean(record);
  return record;
}

audit::Record RecordMaker::OfRefusal(const Refusal& refusal,
                                     std::size_t bytes) const {
  audit::Record record = trail_.Make(audit::Stage::kDecision);
  record.method = refusal.method;
  record.protocol_version = session_.revision();
  if (refusal.id.has_value()) record.rpc_id = refusal.id->text;
  Decision decision;
  decision.code = refusal.code;
  decision.sentence = refusal.sentence;
  record.decision = std::move(decision);
  record.mode = "enforce";  // no mode lets a refused frame through
  record.bytes = bytes;
  redactor_.Clean(record);
  return record;
}

audit::Record RecordMaker::OfOutcome(const InFlight& request,
                                     audit::Outcome outcome) const {
  audit::Record record = trail_.Make(audit::Stage::kOutcome);
  record.call = request.call;
  record.method = request.method;
  record.rpc_id = request.id.text;
  record.tool = request.tool;
  record.outcome = outcome;
  redactor_.Clean(record);
  return record;
}

audit::Record RecordMaker::OfEvent(std::string_view event,
                                   std::string_view detail) const {
  audit::Record record = trail_.Make(audit::Stage::kEvent);
  record.event = event;
  record.detail = detail;
  redactor_.Clean(record);
  return record;
}

}  // namespace gatehouse
