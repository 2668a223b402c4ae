// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_asks.h"

#include <string>
#include <utility>
#include <vector>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

constexpr std::string_view kStreamKey =
    "io.modelcontextprotocol/subscriptionId";
constexpr AskFault kUnreadable{Code::kMalformed,
                               "what it asks of the client cannot be read"};

// The stream that a notification belongs to.
std::optional<RpcId> StreamOf(const JsonValue& params) {
  const JsonValue* meta = Member(params, "_meta");
  const JsonValue* id = meta == nullptr ? nullptr : Member(*meta, kStreamKey);
  return id == nullptr ? std::nullopt : ReadRpcId(*id);
}

}  // namespace

ClientAsks::ClientAsks(const GateContext& context)
    : context_(context),
      make_(context.trail, context.session, context.redactor) {}

void ClientAsks::Record(const ClientAsk& ask, std::string_view id) {
  if (ask.method == "ping") return;
  audit::Record record = make_.OfEvent("server request", DetailOf(ask));
  record.method = ask.method;
  record.rpc_id = id;
  context_.trail.Queue(std::move(record));
}

std::optional<AskFault> ClientAsks::Judge(
    const std::optional<std::vector<ClientAsk>>& asks, ClientFeatures declared,
    std::string_view id) {
  if (!asks) return kUnreadable;
  if (asks->empty()) return std::nullopt;
  const AskLimits limits{declared, context_.judge.settings().client_features};
  if (auto fault = FaultOf(*asks, limits)) return fault;
  for (const ClientAsk& ask : *asks) Record(ask, id);
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
    if (line.find("elicitations") == line.npos &&
        line.find("\\u") == line.npos) {
      return std::nullopt;
    }
    const Result<JsonValue> whole = ParseJson(line);
    if (!whole.ok()) return kUnreadable;
    return Judge(LinksOf(*Member(whole.value(), "error")), request.features,
                 request.id.text);
  }
  if (request.era == Era::kLegacy || !message.asks_client) return std::nullopt;
  const Result<JsonValue> result = ParseJson(message.result);
  if (!result.ok()) return kUnreadable;
  return Judge(AsksIn(result.value()), request.features, request.id.text);
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
  return Judge(AsksIn(*params),
               request == nullptr ? ClientFeatures() : request->features,
               stream ? stream->text : "");
}

}  // namespace gatehouse
