// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_notes.h"

#include <algorithm>
#include <array>

#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "proxy/known_keys.h"

namespace gatehouse {
namespace {

constexpr std::string_view kCancelled = "notifications/cancelled";
constexpr std::string_view kAcknowledged =
    "notifications/subscriptions/acknowledged";
// What a server may tell a client unasked. Others may be anything: some make
// the client's model read them.
constexpr auto kNotes = std::to_array<std::string_view>(
    {"notifications/message", "notifications/progress", kCancelled,
     "notifications/tools/list_changed", "notifications/prompts/list_changed",
     "notifications/resources/list_changed", "notifications/resources/updated",
     "notifications/tasks", "notifications/tasks/status",
     "notifications/elicitation/complete", kAcknowledged});

// A stream that the server ends, or a request of its own that it takes back.
TakenNote Cancels(Session& session, const JsonValue& params) {
  const JsonValue* named = Member(params, "requestId");
  const auto id = named == nullptr ? std::nullopt : ReadRpcId(*named);
  if (!id.has_value()) return {NoteFate::kNothing, {}};
  const InFlight* request = session.FindSent(*id);
  if (request != nullptr && request->IsStream()) {
    return {NoteFate::kPasses, session.TakeSent(*id)};
  }
  return {session.TakeBack(*id) ? NoteFate::kPasses : NoteFate::kNothing, {}};
}

void NoteTask(Session& session, const JsonValue& params) {
  const auto task = StringMember(params, "taskId");
  const auto status = StringMember(params, "status");
  if (task && status && IsFinalStatus(*status)) session.EndTask(*task);
}

void Acknowledge(Session& session, const JsonValue& params) {
  const JsonValue* meta = Member(params, "_meta");
  const JsonValue* named =
      meta == nullptr ? nullptr : Member(*meta, kStreamKey);
  const auto id = named == nullptr ? std::nullopt : ReadRpcId(*named);
  const JsonValue* granted = Member(params, "notifications");
  const JsonValue* tools =
      granted == nullptr ? nullptr : Member(*granted, "toolsListChanged");
  InFlight* request = id ? session.FindSent(*id) : nullptr;
  if (request == nullptr || !request->IsStream()) return;
  request->tells_of_tools = tools != nullptr && AsBool(*tools) == true;
}

std::string ToolsChanged(const InFlight* stream) {
  JsonWriter out;
  out.BeginObject().Key("jsonrpc").String("2.0");
  out.Key("method").String("notifications/tools/list_changed");
  if (stream != nullptr) {
    out.Key("params").BeginObject().Key("_meta").BeginObject();
    out.Key(kStreamKey).Raw(stream->id.text);
    out.EndObject().EndObject();
  }
  return out.EndObject().Take() + "\n";
}

}  // namespace

bool IsOfTask(std::string_view method) {
  return method == "notifications/tasks" ||
         method == "notifications/tasks/status";
}

TakenNote TakeNote(Session& session, const ServerMessage& note,
                   std::string_view line) {
  if (std::find(kNotes.begin(), kNotes.end(), note.method) == kNotes.end()) {
    return {NoteFate::kUnknown, {}};
  }
  const bool cancels = note.method == kCancelled;
  const bool of_task = IsOfTask(note.method);
  if (!cancels && !of_task && note.method != kAcknowledged) {
    return {NoteFate::kPasses, {}};
  }
  const Result<JsonValue> whole = ParseJson(line);
  const JsonValue* params =
      whole.ok() ? Member(whole.value(), "params") : nullptr;
  if (params == nullptr) return {NoteFate::kNothing, {}};
  if (cancels) return Cancels(session, *params);
  if (of_task) {
    NoteTask(session, *params);
    return {NoteFate::kPasses, {}};
  }
  Acknowledge(session, *params);
  return {NoteFate::kPasses, {}};
}

std::vector<std::string> ToolsChangedLines(const Session& session) {
  std::vector<std::string> lines;
  if (session.tells_of_tools()) lines.push_back(ToolsChanged(nullptr));
  for (const InFlight* stream : session.ToolStreams()) {
    lines.push_back(ToolsChanged(stream));
  }
  return lines;
}

}  // namespace gatehouse
