// SPDX-License-Identifier: Apache-2.0
#include "cli/guard.h"

#include <cstdlib>
#include <utility>

#include "cli/guard_anchors.h"

namespace gatehouse::cli {
namespace {

std::int64_t Nanoseconds(std::chrono::system_clock::time_point time) {
  return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

// The record that says which guard, policy and server a session had; durable
// before the first line leaves.
std::optional<Failure> RecordEvent(Guard& guard, std::string event,
                                   const std::string& detail) {
  audit::Record record = guard.trail->Make(audit::Stage::kEvent);
  record.event = std::move(event);
  const Engine& engine = *guard.policy->engine();
  record.policy_hash = engine.hash();
  record.mode = engine.mode() == Mode::kObserve ? "observe" : "enforce";
  record.detail = guard.redactor->MaskText(detail);
  auto written = guard.trail->Write({record});
  if (written.ok()) return std::nullopt;
  return Failure{written.error().sentence, Code::kAuditUnavailable};
}

// What goes out by itself: held calls, and, once the policy is another one,
// that the tools should be listed again.
std::vector<Verdict> Turn(Guard& guard) {
  std::vector<Verdict> verdicts = guard.gate->Release();
  if (!std::exchange(guard.tools_changed, false)) return verdicts;
  for (Verdict& told : guard.return_gate->OnPolicyChanged()) {
    told.kind = Verdict::Kind::kAnswer;  // as the client's gate says it
    verdicts.push_back(std::move(told));
  }
  return verdicts;
}

RelayHandlers Handlers(Guard& guard, Log& log) {
  RelayHandlers handlers;
  handlers.from_client = [&guard](std::span<const Frame> frames) {
    guard.watch->BeginBatch();
    if (guard.policy_pace.IsDue(guard.clock.MonotonicNow())) {
      guard.policy->Refresh();
    }
    auto verdicts = guard.gate->Handle(frames);
    guard.watch->EndBatch();
    return verdicts;
  };
  handlers.from_server = [&guard](std::span<const Frame> frames) {
    return guard.return_gate->Handle(frames);
  };
  handlers.on_turn = [&guard, &log] {
    FollowAnchors(guard.anchors.get(), *guard.trail, log);
    return Turn(guard);
  };
  handlers.in_flight = [&guard] {
    return guard.session.awaited() > 0 || !guard.session.held().empty() ||
           guard.gate->waiting();
  };
  handlers.holds_client = [&guard] { return guard.gate->full(); };
  handlers.mask_log = [&guard](std::string_view line) {
    return guard.redactor->MaskText(line);
  };
  handlers.on_server_busy = [&guard](bool busy) {
    guard.session.SetServerBusy(busy);
  };
  handlers.on_hangup = [&guard] { guard.policy->Reload(); };
  handlers.on_idle = [&guard] {
    guard.policy->Refresh();
    (void)guard.return_gate->Flush();  // kept for the next commit on failure
    guard.sink->Idle();
  };
  handlers.on_server_gone = [&guard] {
    std::string lines;
    for (Verdict& verdict : guard.return_gate->OnServerGone()) {
      lines += verdict.bytes;
    }
    for (Verdict& verdict : guard.gate->Release()) lines += verdict.bytes;
    return lines;
  };
  handlers.on_watched = [&guard] {
    guard.watch->Add(guard.policy->files());
    guard.watch->Rearm();
    (void)guard.cluster->View();  // writes the server's copy anew
  };
  handlers.on_unfinished = [&guard](RelaySide side, std::string_view rest) {
    side == RelaySide::kClient ? guard.gate->OnUnfinished(rest)
                               : guard.return_gate->OnUnfinished(rest);
  };
  return handlers;
}

// What becomes of the policy while the guard runs stands in the trail: a new
// one before the first call that is judged by it.
void FollowPolicy(Guard& guard, Log& log) {
  LivePolicy::Events events;
  events.on_loaded = [&guard, &log](const Engine& engine) -> Status {
    Status kept = guard.sink->KeepPolicy(engine.hash(), engine.text());
    if (!kept.ok()) return kept;
    audit::Record record = guard.trail->Make(audit::Stage::kEvent);
    record.event = "policy loaded";
    record.policy_hash = engine.hash();
    record.mode = engine.mode() == Mode::kObserve ? "observe" : "enforce";
    const auto written = guard.trail->Write({record});
    if (!written.ok()) return written.error();
    guard.redactor->Use(engine.settings());
    guard.tools_changed = true;
    log.Info("the policy was loaded anew: " + std::string(engine.hash()));
    return Done{};
  };
  events.on_rejected = [&guard, &log](const std::string& faults) {
    log.Error("the changed policy is refused, the last good one stays:\n" +
              faults);
    if (auto failure = RecordEvent(guard, "policy rejected", faults)) {
      log.Error(failure->cause);
    }
  };
  guard.policy->SetEvents(std::move(events));
}

RelayLimits Limits() {
  RelayLimits limits;
#ifdef GATEHOUSE_TEST_HOOKS
  // A test has no five seconds to wait for a server that stands still.
  if (const char* stalled = std::getenv("GATEHOUSE_TEST_STALLED_MS")) {
    limits.stalled_after = std::chrono::milliseconds(std::atoi(stalled));
  }
#endif
  return limits;
}

std::string ExitText(const RelayExit& exit) {
  if (!exit.server.has_value()) return "the server's end was not seen";
  if (exit.server->signal != 0) {
    return "the server ended by signal " + std::to_string(exit.server->signal);
  }
  return "the server exited with " + std::to_string(exit.server->code);
}

}  // namespace

std::string NewSession(const Guard& guard) {
  return audit::NewUuidV7(Nanoseconds(guard.clock.UtcNow()) / 1'000'000);
}

void TakeTrail(Guard& guard, OpenedTrail opened) {
  guard.identity = std::move(opened.identity);
  guard.sink = std::move(opened.sink);
  const ClusterView& view = guard.cluster->View();
  const ContextView* context = view.Find(view.current);
  guard.identity.subject.kube_user = context == nullptr ? "" : context->user;
  guard.trail = std::make_unique<Trail>(*guard.sink, guard.clock,
                                        guard.identity, guard.session);
}

std::optional<Failure> BeginTrail(Guard& guard, const std::string& detail) {
  guard.trail->MaskBy(*guard.redactor);
  const Status kept = guard.sink->KeepPolicy(guard.policy->engine()->hash(),
                                             guard.policy->engine()->text());
  if (!kept.ok())
    return Failure{kept.error().sentence, Code::kAuditUnavailable};
  auto failure = RecordEvent(guard, "guard start", detail);
  guard.trail_begun = !failure;
  return failure;
}

void EndTrail(Guard& guard, const std::string& detail, Log& log) {
  if (!guard.trail_begun) return;
  if (auto failure = RecordEvent(guard, "guard stop", detail)) {
    log.Error(failure->cause);
  }
}

void MakeGates(Guard& guard, audit::Durability durability, Log& log) {
  const GateContext context{*guard.judge,
                            *guard.trail,
                            guard.session,
                            guard.clock,
                            *guard.redactor,
                            durability,
                            [&guard, &log](std::string_view text) {
                              log.Warn(guard.redactor->MaskText(text));
                            },
                            guard.show_denied,
                            guard.profile.get()};
  FollowPolicy(guard, log);
  guard.gate = std::make_unique<Gate>(context);
  guard.return_gate = std::make_unique<ReturnGate>(context, guard.result_limit);
}

namespace {

Result<RelayStreams> OpenStreams(Guard& guard, Child& child, int signal_fd) {
  auto client_in = Stream::Share(STDIN_FILENO);
  auto client_out = Stream::Share(STDOUT_FILENO);
  ChildPipes pipes = child.TakePipes();
  auto server_in = Stream::Adopt(std::move(pipes.server_stdin));
  auto server_out = Stream::Adopt(std::move(pipes.server_stdout));
  auto server_err = Stream::Adopt(std::move(pipes.server_stderr));
  for (const auto* stream :
       {&client_in, &client_out, &server_in, &server_out, &server_err}) {
    if (!stream->ok()) return stream->error();
  }
  return RelayStreams{std::move(client_in).value(),
                      std::move(client_out).value(),
                      std::move(server_in).value(),
                      std::move(server_out).value(),
                      std::move(server_err).value(),
                      &child,
                      signal_fd,
                      guard.watch->fd(),
                      guard.sink->synced_fd()};
}

}  // namespace

int RunSession(Guard& guard, Child& child, int signal_fd, Log& log) {
  auto streams = OpenStreams(guard, child, signal_fd);
  if (!streams.ok()) {
    child.Shutdown(ShutdownPace::kFast);
    EndTrail(guard, "the session could not start: " + streams.error().sentence,
             log);
    return ServeFailure({streams.error().sentence, Code::kServerDied}, log);
  }
  const RelayExit exit =
      RunRelay(std::move(streams).value(), Handlers(guard, log), Limits(), log);
  if (!exit.detail.empty()) log.Error(exit.detail);
  if (const int left = child.left_behind()) {
    log.Warn("processes of the server that could not be ended: " +
             std::to_string(left));
  }
  EndTrail(guard, ExitText(exit), log);
  EndAnchors(guard.anchors.get(), *guard.trail, log);
  return exit.ExitCode();
}

}  // namespace gatehouse::cli
