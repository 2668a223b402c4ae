// SPDX-License-Identifier: Apache-2.0
#include "cli/failed_session.h"

#include <unistd.h>

#include "proxy/admission.h"
#include "proxy/long_line.h"
#include "proxy/message.h"
#include "proxy/relay.h"
#include "proxy/reply.h"

namespace gatehouse::cli {
namespace {

constexpr std::chrono::seconds kLifetime{10};

std::string CauseLine(const std::optional<RpcId>& id, const Failure& failure) {
  return ErrorLine(id, kInternalError, failure.code,
                   "the session could not start: " + failure.cause);
}

// Answers each frame with the cause, under the frame's own id.
class FailedGate {
 public:
  explicit FailedGate(const Failure& failure) : failure_(failure) {}

  Verdict Take(const Frame& frame) {
    if (frame.part != FramePart::kWhole) return TakePiece(frame);
    if (IsBlank(frame)) return {};
    auto read = ReadMessage(frame);
    if (const auto* refusal = std::get_if<Refusal>(&read)) {
      return Refuse(*refusal);
    }
    const Message& message = std::get<Message>(read);
    if (message.kind != MessageKind::kRequest) return {};
    return {Verdict::Kind::kAnswer, CauseLine(message.id, failure_)};
  }

 private:
  Verdict TakePiece(const Frame& piece) {
    if (piece.part == FramePart::kFirst) too_long_.emplace(0);
    too_long_->Add(piece.bytes);
    if (piece.part != FramePart::kLast) return {};
    return Refuse(RefuseTooLong(*too_long_));
  }

  static Verdict Refuse(const Refusal& refusal) {
    if (refusal.notification) return {};
    return {Verdict::Kind::kAnswer, ErrorLine(refusal.id, refusal.rpc_code,
                                              refusal.code, refusal.sentence)};
  }

  const Failure& failure_;
  std::optional<LongLine> too_long_;
};

void SayWhy(const Failure& failure, Log& log) {
  log.Error(failure.cause);
  if (!log.in_file()) return;
  auto terminal = Log::OnFd(STDERR_FILENO, LogLevel::kError);
  if (terminal.ok()) terminal.value().Error(failure.cause);
}

}  // namespace

int ServeFailure(const Failure& failure, Log& log) {
  SayWhy(failure, log);
  auto in = Stream::Share(0);
  auto out = Stream::Share(1);
  auto signals = WatchSignals();
  if (!in.ok() || !out.ok() || !signals.ok()) return kExitEnvironment;
  RelayStreams streams;
  streams.client_in = std::move(in).value();
  streams.client_out = std::move(out).value();
  streams.signal_fd = signals.value().get();
  RelayHandlers handlers;
  FailedGate gate(failure);
  handlers.from_client = [&gate](std::span<const Frame> frames) {
    std::vector<Verdict> verdicts;
    verdicts.reserve(frames.size());
    for (const Frame& frame : frames) {
      verdicts.push_back(gate.Take(frame));
    }
    return verdicts;
  };
  handlers.from_server = [](std::span<const Frame> frames) {
    return std::vector<Verdict>(frames.size());
  };
  RelayLimits limits;
  limits.lifetime = kLifetime;
  (void)RunRelay(std::move(streams), handlers, limits, log);
  return kExitEnvironment;
}

}  // namespace gatehouse::cli
