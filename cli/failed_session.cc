// SPDX-License-Identifier: Apache-2.0
#include "cli/failed_session.h"

#include "proxy/message.h"
#include "proxy/relay.h"
#include "proxy/reply.h"

namespace gatehouse::cli {
namespace {

constexpr int kServerError = -32603;  // JSON-RPC "internal error"
constexpr std::chrono::seconds kLifetime{10};

// The answer that a frame gets: the cause, under the frame's own id.
Verdict Answer(const Frame& frame, const Failure& failure) {
  if (IsBlank(frame)) return {};
  auto read = ReadMessage(frame);
  if (const auto* refusal = std::get_if<Refusal>(&read)) {
    if (refusal->notification) return {};
    return {Verdict::Kind::kAnswer,
            ErrorLine(refusal->id, refusal->rpc_code, refusal->code,
                      refusal->sentence)};
  }
  const Message& message = std::get<Message>(read);
  if (message.kind != MessageKind::kRequest) return {};
  return {Verdict::Kind::kAnswer,
          ErrorLine(message.id, kServerError, failure.code,
                    "the session could not start: " + failure.cause)};
}

}  // namespace

int ServeFailure(const Failure& failure, Log& log) {
  log.Error(failure.cause);
  auto in = Stream::Share(0);
  auto out = Stream::Share(1);
  auto signals = WatchSignals();
  if (!in.ok() || !out.ok() || !signals.ok()) return failure.exit_code;
  RelayStreams streams;
  streams.client_in = std::move(in).value();
  streams.client_out = std::move(out).value();
  streams.signal_fd = signals.value().get();
  RelayHandlers handlers;
  handlers.from_client = [&failure](std::span<const Frame> frames) {
    std::vector<Verdict> verdicts;
    verdicts.reserve(frames.size());
    for (const Frame& frame : frames) {
      verdicts.push_back(Answer(frame, failure));
    }
    return verdicts;
  };
  handlers.from_server = [](std::span<const Frame> frames) {
    return std::vector<Verdict>(frames.size());
  };
  RelayLimits limits;
  limits.lifetime = kLifetime;
  (void)RunRelay(std::move(streams), handlers, limits, log);
  return failure.exit_code;
}

}  // namespace gatehouse::cli
