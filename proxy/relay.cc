// SPDX-License-Identifier: Apache-2.0
// The way of a session through the loop:
//   kServing   both sides are read
//   kDraining  the client has ended; calls in flight may still be answered
//   kEnding    the server's stdin is closed and the keeper has its order; what
//              the server still says is still handled
//   kFarewell  the server is gone; the last lines go to the client
//   kDone
// Each step is only ever taken downwards, and each has a deadline.
#include "proxy/relay.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "proxy/framer.h"
#include "proxy/pump.h"
#include "proxy/server_pace.h"

namespace gatehouse {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Beyond each pace of a shutdown; then the keeper itself is killed.
milliseconds EndingLimit(ShutdownPace pace) {
  switch (pace) {
    case ShutdownPace::kFast:
      return milliseconds(900);
    case ShutdownPace::kOrderly:
      return milliseconds(1700);
  }
  return milliseconds(0);
}

// From the client's end to ours (protocol.md, 1.2: 2 seconds).
constexpr milliseconds kAfterClient{1900};

enum class Phase { kServing, kDraining, kEnding, kFarewell, kDone };

class Relay {
 public:
  Relay(RelayStreams streams, const RelayHandlers& handlers,
        const RelayLimits& limits, Log& log);
  RelayExit Run();

 private:
  int TimeoutMs() const;

  // Steps of the session.
  void Advance(const Wakeup& wakeup);
  void AfterClient();
  void AfterUnreadEnd();
  void AfterServer();
  void AfterDeadline();
  void OnDeadline();
  void OnSignal();
  void NoteIdle();
  void FollowServerPace();
  void End(RelayExit::Reason reason, ShutdownPace pace);
  void BeginEnding(ShutdownPace pace);
  void BeginFarewell();
  void ReportRest(RelaySide side, Source& source);
  void SetDeadline(milliseconds from_now) {
    deadline_ = Clock::now() + from_now;
  }

  const RelayHandlers& handlers_;
  const RelayLimits& limits_;
  Log& log_;
  Child* child_;
  int signal_fd_;
  int watch_fd_;
  int turn_fd_;
  bool has_server_;
  Pump pump_;

  Phase phase_ = Phase::kServing;
  RelayExit exit_;
  bool decided_ = false;  // why we end is known: the first reason stays
  std::optional<Clock::time_point> deadline_;
  Clock::time_point last_traffic_ = Clock::now();
  std::optional<Clock::time_point> client_ended_at_;
  std::uint64_t written_then_ = 0;  // to both sides
  bool client_stuck_ = false;       // it has ended, and does not read
  bool idle_noted_ = false;
  ServerPace pace_;
};

// More than a client can queue: the canonical text of a frame may be three
// times as long as what came.
PumpLimits SizeLimits(const RelayLimits& limits) {
  const std::size_t queued =
      limits.max_client_frame_bytes + limits.max_wakeup_bytes;
  return {limits.max_pending_bytes, limits.max_calls_pending_bytes,
          limits.max_calls_pending_bytes + 3 * queued, limits.max_wakeup_bytes};
}

Relay::Relay(RelayStreams streams, const RelayHandlers& handlers,
             const RelayLimits& limits, Log& log)
    : handlers_(handlers),
      limits_(limits),
      log_(log),
      child_(streams.child),
      signal_fd_(streams.signal_fd),
      watch_fd_(streams.watch_fd),
      turn_fd_(streams.turn_fd),
      has_server_(streams.server_out.open()),
      pump_({std::move(streams.client_in),
             Framer(limits.max_client_frame_bytes), handlers.from_client},
            {std::move(streams.server_out),
             Framer(limits.max_server_frame_bytes), handlers.from_server},
            SizeLimits(limits)),
      pace_(limits.stalled_after) {
  pump_.to_client.stream = std::move(streams.client_out);
  pump_.to_server.stream = std::move(streams.server_in);
  pump_.server_err.stream = std::move(streams.server_err);
  pump_.server_err.judge = [this](std::span<const Frame> lines) {
    for (const Frame& line : lines) {
      log_.ServerLine(handlers_.mask_log ? handlers_.mask_log(line.bytes)
                                         : std::string(line.bytes));
    }
    return std::vector<Verdict>();
  };
  if (!has_server_ && limits.lifetime.count() > 0) {
    SetDeadline(limits.lifetime);
  }
}

RelayExit Relay::Run() {
  while (phase_ != Phase::kDone) {
    const int control = child_ != nullptr ? child_->control_fd() : -1;
    const Wakeup wakeup =
        pump_.Wait({signal_fd_, control, TimeoutMs(), watch_fd_, turn_fd_});
    // Before the frames of this wake-up: they are judged by what is new.
    if (wakeup.watched) handlers_.on_watched();
    if (handlers_.on_server_busy) FollowServerPace();
    if (pump_.Move()) {
      last_traffic_ = Clock::now();
      idle_noted_ = false;
    }
    if (handlers_.on_turn) pump_.Give(pump_.client, handlers_.on_turn());
    if (handlers_.holds_client) pump_.client_held = handlers_.holds_client();
    Advance(wakeup);
  }
  // The trail is written and the client is served: what is left of the
  // server is only waited for.
  if (child_ != nullptr) {
    pump_.to_server.Close();
    pump_.server.stream.Close();
    child_->Shutdown(ShutdownPace::kFast);
    pump_.DrainServerErr();
    exit_.server = child_->exit();
  }
  if (handlers_.on_idle) handlers_.on_idle();
  return std::move(exit_);
}

int Relay::TimeoutMs() const {
  std::optional<Clock::time_point> until = deadline_;
  if (!idle_noted_ && phase_ == Phase::kServing) {
    const auto idle = last_traffic_ + limits_.idle_after;
    until = until ? std::min(*until, idle) : idle;
  }
  if (client_ended_at_ && phase_ == Phase::kServing) {
    const auto stuck = *client_ended_at_ + limits_.drain;
    until = until ? std::min(*until, stuck) : stuck;
  }
  if (const auto stalled = pace_.Deadline()) {
    until = until ? std::min(*until, *stalled) : *stalled;
  }
  if (!until) return -1;
  // Rounded up: waking a fraction early would only spin.
  const auto left = std::chrono::ceil<milliseconds>(*until - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

void Relay::Advance(const Wakeup& wakeup) {
  if (wakeup.signalled) OnSignal();
  if (wakeup.child_changed) child_->Refresh();
  if (wakeup.error != 0) {
    exit_.detail = SystemError("poll", wakeup.error).sentence;
    End(RelayExit::Reason::kFailed, ShutdownPace::kFast);
  }
  if (pump_.close_reason()) {
    if (!decided_) exit_.detail = *pump_.close_reason();
    End(RelayExit::Reason::kClosed, ShutdownPace::kFast);
  }
  AfterClient();
  AfterServer();
  AfterDeadline();
  NoteIdle();
}

void Relay::AfterClient() {
  if (pump_.to_client.broken && pump_.to_client.stream.open()) {
    pump_.to_client.Close();
    End(RelayExit::Reason::kClientGone, ShutdownPace::kOrderly);
  }
  if (phase_ == Phase::kServing && pump_.client.Silent()) {
    ReportRest(RelaySide::kClient, pump_.client);
    exit_.reason = RelayExit::Reason::kClientClosed;
    decided_ = true;
    phase_ = Phase::kDraining;
    pump_.serving_client = false;
    client_ended_at_ = Clock::now();
    SetDeadline(limits_.drain);
  }
  AfterUnreadEnd();
  if (phase_ != Phase::kDraining) return;
  const bool owed = handlers_.in_flight && handlers_.in_flight();
  if (owed || pump_.to_server.outbox.pending() > 0) return;
  // What waiting has used up is taken from the pace: 2 seconds in all.
  const bool early = Clock::now() - *client_ended_at_ < limits_.drain / 3;
  BeginEnding(early ? ShutdownPace::kOrderly : ShutdownPace::kFast);
}

// What it has sent is not read, since it does not read its answers, or the
// server its calls. As long as something moves, it may be again.
void Relay::AfterUnreadEnd() {
  if (phase_ != Phase::kServing) return;
  if (!pump_.client.hung_up && !pump_.client.ended) return;
  const std::uint64_t written =
      pump_.to_client.written + pump_.to_server.written;
  if (!client_ended_at_ || written != written_then_) {
    client_ended_at_ = Clock::now();
    written_then_ = written;
  }
  if (Clock::now() - *client_ended_at_ < limits_.drain) return;
  client_stuck_ = true;
  End(RelayExit::Reason::kClientClosed, ShutdownPace::kFast);
}

void Relay::AfterServer() {
  if (!has_server_ || phase_ >= Phase::kFarewell) return;
  if (pump_.to_server.broken && pump_.to_server.stream.open()) {
    pump_.to_server.Close();
    End(RelayExit::Reason::kServerGone, ShutdownPace::kOrderly);
  }
  const bool running =
      child_ != nullptr && child_->state() == ChildState::kRunning;
  const bool silent = pump_.server.Silent();
  if (silent || (child_ != nullptr && !running)) {
    End(RelayExit::Reason::kServerGone, ShutdownPace::kOrderly);
  }
  if ((silent || client_stuck_) && !running) BeginFarewell();
}

void Relay::AfterDeadline() {
  if (deadline_ && Clock::now() >= *deadline_) OnDeadline();
  if (phase_ == Phase::kFarewell && pump_.to_client.outbox.pending() == 0) {
    phase_ = Phase::kDone;
  }
}

void Relay::OnDeadline() {
  switch (phase_) {
    case Phase::kServing:
      End(RelayExit::Reason::kLifetime, ShutdownPace::kFast);
      return;
    case Phase::kDraining:
      BeginEnding(ShutdownPace::kFast);
      return;
    case Phase::kEnding:
      BeginFarewell();
      return;
    case Phase::kFarewell:
    case Phase::kDone:
      phase_ = Phase::kDone;
      return;
  }
}

void Relay::OnSignal() {
  signalfd_siginfo info = {};
  if (read(signal_fd_, &info, sizeof info) != sizeof info) return;
  if (info.ssi_signo == SIGHUP && handlers_.on_hangup &&
      phase_ == Phase::kServing) {
    handlers_.on_hangup();
    return;
  }
  if (!decided_) exit_.signal = static_cast<int>(info.ssi_signo);
  if (phase_ == Phase::kEnding && child_ != nullptr) {
    child_->BeginShutdown(ShutdownPace::kFast);
    deadline_ =
        std::min(*deadline_, Clock::now() + EndingLimit(ShutdownPace::kFast));
  }
  End(RelayExit::Reason::kSignal, ShutdownPace::kFast);
}

void Relay::NoteIdle() {
  if (idle_noted_ || phase_ != Phase::kServing) return;
  if (Clock::now() - last_traffic_ < limits_.idle_after) return;
  idle_noted_ = true;
  if (handlers_.on_idle) handlers_.on_idle();
}

void Relay::FollowServerPace() {
  const bool was = pace_.busy();
  const bool busy =
      pace_.Follow(pump_.ServerIsFull(), pump_.to_server.written, Clock::now());
  if (busy == was) return;
  pump_.server_busy = busy;
  if (busy) log_.Warn("the server has stopped reading: calls are refused");
  handlers_.on_server_busy(busy);
}

void Relay::End(RelayExit::Reason reason, ShutdownPace pace) {
  if (!decided_) exit_.reason = reason;
  decided_ = true;
  if (phase_ <= Phase::kDraining) BeginEnding(pace);
}

void Relay::BeginEnding(ShutdownPace pace) {
  phase_ = Phase::kEnding;
  pump_.serving_client = false;
  SetDeadline(EndingLimit(pace));
  pump_.client.stream.Close();
  // A frame that is half written stays half: no reader takes it for whole.
  pump_.to_server.Close();
  if (child_ != nullptr) child_->BeginShutdown(pace);
  if (!has_server_) BeginFarewell();
}

void Relay::BeginFarewell() {
  if (phase_ >= Phase::kFarewell) return;
  phase_ = Phase::kFarewell;
  SetDeadline(limits_.farewell);
  // What the ending has used up is taken from the client's time.
  if (client_ended_at_) {
    deadline_ = std::min(*deadline_, *client_ended_at_ + kAfterClient);
  }
  ReportRest(RelaySide::kServer, pump_.server);
  pump_.to_client.BreakLine();
  if (handlers_.on_server_gone) pump_.to_client.Add(handlers_.on_server_gone());
  pump_.to_client.Flush();
}

void Relay::ReportRest(RelaySide side, Source& source) {
  const bool in_pieces = source.framer.in_pieces();
  const std::string rest = source.framer.TakeRest();
  if (rest.empty() && !in_pieces) return;
  const std::string who =
      side == RelaySide::kClient ? "the client" : "the server";
  log_.Warn(who + " ended in the middle of a line");
  if (handlers_.on_unfinished) handlers_.on_unfinished(side, rest);
}

}  // namespace

RelayExit RunRelay(RelayStreams streams, const RelayHandlers& handlers,
                   const RelayLimits& limits, Log& log) {
  return Relay(std::move(streams), handlers, limits, log).Run();
}

}  // namespace gatehouse
