// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_asks.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "policy/json_value.h"
#include "proxy/key_fold.h"
#include "proxy/known_keys.h"

namespace gatehouse {
namespace {

constexpr AskFault kUnreadable{Code::kMalformed,
                               "what it asks of the client cannot be read"};
constexpr AskFault kTooOften{Code::kServerBusy,
                             "it asks the client for too much at once"};
constexpr std::int64_t kRecords = 100;
constexpr std::size_t kMaxNoted = 1'000;

// The stream that a notification belongs to.
std::optional<RpcId> StreamOf(const JsonValue& params) {
  const JsonValue* meta = Member(params, "_meta");
  const JsonValue* id = meta == nullptr ? nullptr : Member(*meta, kStreamKey);
  return id == nullptr ? std::nullopt : ReadRpcId(*id);
}

}  // namespace

ClientAsks::ClientAsks(const GateContext& context)
    : context_(context),
      make_(context.trail, context.session, context.redactor),
      of_notes_(kRecords),
      of_requests_(kRecords) {}

void ClientAsks::Record(const ClientAsk& ask, std::string_view id) {
  if (ask.method == "ping") return;
  audit::Record record = make_.OfEvent("server request", DetailOf(ask));
  record.method = ask.method;
  record.rpc_id = id;
  context_.trail.Queue(std::move(record));
}

std::optional<AskFault> ClientAsks::Judge(
    const std::optional<std::vector<ClientAsk>>& asks,
    ClientFeatures declared) const {
  if (!asks) return kUnreadable;
  if (asks->empty()) return std::nullopt;
  return FaultOf(*asks, {declared, context_.judge.settings().client_features});
}

std::optional<AskFault> ClientAsks::JudgeAndRecord(
    const std::optional<std::vector<ClientAsk>>& asks, ClientFeatures declared,
    std::string_view id) {
  if (auto fault = Judge(asks, declared)) return fault;
  for (const ClientAsk& ask : *asks) Record(ask, id);
  return std::nullopt;
}

// What is not in the trail goes to nobody, and what is comes into it once.
std::optional<AskFault> ClientAsks::RecordNew(
    const std::vector<ClientAsk>& asks, std::string_view task,
    std::string_view id) {
  const audit::Redactor& redactor = context_.redactor;
  for (const ClientAsk& ask : asks) {
    const std::string digest =
        redactor.Digest(redactor.Digest(task) + redactor.Digest(ask.key) +
                        std::string(ask.method) + ' ' + DetailOf(ask));
    if (noted_.contains(digest)) continue;
    if (!of_notes_.Allow(context_.clock.MonotonicNow())) return kTooOften;
    if (noted_.size() >= kMaxNoted) noted_.clear();
    noted_.insert(digest);
    Record(ask, id);
  }
  return std::nullopt;
}

// Since 2026-07-28 servers send no requests at all; before, only after the
// handshake in which the client declared what it can do.
std::optional<AskFault> ClientAsks::OfRequest(const ServerMessage& message,
                                              std::string_view line) {
  Session& session = context_.session;
  if (!session.initialized()) return kUndeclared;
  const Result<JsonValue> whole = ParseJson(line);
  if (!whole.ok()) return kUnreadable;
  const ClientAsk ask{message.method, Member(whole.value(), "params")};
  const AskLimits limits{session.features(),
                         context_.judge.settings().client_features};
  if (auto fault = FaultOf(ask, limits)) return fault;
  if (ask.method != "ping" &&
      !of_requests_.Allow(context_.clock.MonotonicNow())) {
    return kTooOften;
  }
  if (!session.ExpectAnswer(*message.id)) {
    return AskFault{Code::kServerBusy,
                    "the id is in use, or too many requests wait"};
  }
  Record(ask, message.id->text);
  return std::nullopt;
}

std::optional<AskFault> ClientAsks::OfAnswer(const InFlight& request,
                                             const ServerMessage& message,
                                             std::string_view line) {
  if (message.is_error) {
    // Few errors name a link. Looked for by its key, which can be escaped, and
    // not by the code, which clients read in any spelling (-3.2042e4).
    if (FoldKey(line).find("elicitations") == line.npos &&
        line.find("\\u") == line.npos) {
      return std::nullopt;
    }
    const Result<JsonValue> whole = ParseJson(line);
    if (!whole.ok()) return kUnreadable;
    return JudgeAndRecord(LinksOf(*Member(whole.value(), "error")),
                          request.features, request.id.text);
  }
  if (request.era == Era::kLegacy || !message.asks_client) return std::nullopt;
  const Result<JsonValue> result = ParseJson(message.result);
  if (!result.ok()) return kUnreadable;
  const auto asks = AsksIn(result.value());
  if (request.polled.empty()) {
    return JudgeAndRecord(asks, request.features, request.id.text);
  }
  // Clients poll every second: what is asked again is in the trail.
  if (auto fault = Judge(asks, request.features)) return fault;
  return RecordNew(*asks, request.polled, request.id.text);
}

std::optional<AskFault> ClientAsks::OfNote(const ServerMessage& message,
                                           std::string_view line) {
  if (message.method != "notifications/tasks") return std::nullopt;
  const Result<JsonValue> whole = ParseJson(line);
  if (!whole.ok()) return kUnreadable;
  const JsonValue* params = Member(whole.value(), "params");
  if (params == nullptr) return std::nullopt;
  const auto stream = StreamOf(*params);
  const InFlight* request =
      stream ? context_.session.FindSent(*stream) : nullptr;
  const auto asks = AsksIn(*params);
  if (auto fault = Judge(
          asks, request == nullptr ? ClientFeatures() : request->features)) {
    return fault;
  }
  return RecordNew(*asks, StringMember(*params, "taskId").value_or(""),
                   stream ? stream->text : "");
}

}  // namespace gatehouse
