// SPDX-License-Identifier: Apache-2.0
#pragma once
// The only loop: moves bytes between client and server, one thread, one poll,
// nothing blocking. A wake-up reads all it can, hands all complete frames of
// one side to its gate at once (their records share one commit), and writes
// what the verdicts say in as few writes as possible. It judges nothing.
//
// Memory follows from the limits, not from the traffic: a source is not read
// while its sink has more waiting than it may.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "policy/result.h"
#include "proxy/child.h"
#include "proxy/fd.h"
#include "proxy/log.h"
#include "proxy/verdict.h"

namespace gatehouse {

enum class RelaySide : std::uint8_t { kClient = 0, kServer };

// Owned by the relay until it returns. Without a server (both its streams
// closed from the start) the client is still served, for the session that
// could not start: everything to forward is dropped.
struct RelayStreams {
  Stream client_in;   // Stream::Share(0)
  Stream client_out;  // Stream::Share(1)
  Stream server_in;   // Stream::Adopt(pipes.server_stdin)
  Stream server_out;
  Stream server_err;       // may be closed: inherited
  Child* child = nullptr;  // borrowed; null in tests over bare pipes
  int signal_fd = -1;      // borrowed; from WatchSignals
  int watch_fd = -1;       // borrowed; readable: on_watched is called
  int turn_fd = -1;        // borrowed; readable: on_turn makes it not so
};

// Borrowed for the call. Only the first two must be set.
struct RelayHandlers {
  FrameHandler from_client;
  FrameHandler from_server;
  // Does the server still owe an answer? Asked after the client's end.
  std::function<bool()> in_flight;
  // After a quiet second, once until there is traffic again; and before the
  // relay returns.
  std::function<void()> on_idle;
  // Once, when the server has ended and all it wrote was handled: closes the
  // calls in flight and returns whole lines for the client ("" for none).
  std::function<std::string()> on_server_gone;
  // A side ended in the middle of a line, of which this was left. It was not
  // forwarded, but for pieces that a gate let go before.
  std::function<void(RelaySide, std::string_view)> on_unfinished;
  // After every wake-up: what the client's gate lets go by itself now, as of
  // from_client. May be empty.
  std::function<std::vector<Verdict>()> on_turn = nullptr;
  // Whether the client is not to be read for now; asked after on_turn.
  std::function<bool()> holds_client = nullptr;
  // watch_fd is readable; makes it not so. Only with one.
  std::function<void()> on_watched = nullptr;
  // The server has stopped reading (true), or reads again. Where it is not
  // set, the client is not read meanwhile; else its gate is to refuse.
  std::function<void(bool)> on_server_busy = nullptr;
  // On SIGHUP, which then does not end the relay. Where it is not set, SIGHUP
  // ends it like the other signals.
  std::function<void()> on_hangup = nullptr;
  // A line of the server's stderr as it may be logged; empty: as it is.
  std::function<std::string(std::string_view)> mask_log = nullptr;
};

struct RelayLimits {
  std::size_t max_client_frame_bytes = std::size_t{4} << 20;
  // A longer line of the server is handed on in pieces, as they come.
  std::size_t max_server_frame_bytes = std::size_t{128} << 10;
  // What may wait for the client, and for the server, before the other side is
  // not read: few calls, since each that waits is remembered with its record.
  std::size_t max_pending_bytes = std::size_t{128} << 10;
  std::size_t max_calls_pending_bytes = std::size_t{32} << 10;
  std::size_t max_wakeup_bytes = std::size_t{128} << 10;
  std::chrono::milliseconds idle_after{1000};
  // How long a server with a full pipe may read nothing before it counts as
  // one that has stopped. Until then the client waits.
  std::chrono::milliseconds stalled_after{5000};
  // How long calls in flight may still be answered after the client's end.
  std::chrono::milliseconds drain{1000};
  // How long the client may take for the last lines.
  std::chrono::milliseconds farewell{500};
  // Without a server: end after this much time (0: never).
  std::chrono::milliseconds lifetime{0};
};

struct RelayExit {
  enum class Reason : std::uint8_t {
    kFailed = 0,    // poll or a descriptor failed; `detail` says how
    kClientClosed,  // end of the client's stream
    kClientGone,    // the client no longer reads
    kSignal,        // `signal` reached us
    kServerGone,    // the server ended by itself
    kClosed,        // a gate said kClose; `detail` is why
    kLifetime,      // the time without a server is over
  };
  Reason reason = Reason::kFailed;
  int signal = 0;
  std::string detail;
  std::optional<ServerExit> server;  // where there was a child

  // cli.md: the server's own exit code, or 128 + signal. A server that we
  // had to end after the client left counts as 0; a gate's close, a keeper
  // that was killed and a failure are 3 (the environment).
  int ExitCode() const;
};

// Runs until one side ends or a signal comes, then ends the other side:
// everything within 2 seconds. Never throws if the handlers do not.
RelayExit RunRelay(RelayStreams streams, const RelayHandlers& handlers,
                   const RelayLimits& limits, Log& log);

// SIGTERM, SIGINT and SIGHUP as a readable descriptor, and SIGPIPE ignored,
// for the rest of this process. Before or after Child::Start, as you like:
// keeper and server set their own signals.
Result<UniqueFd> WatchSignals();

// SIGTERM or SIGINT, where one has come since WatchSignals and nobody has read
// it; else 0. For whoever waits for something before the relay runs.
int WaitingSignal();

}  // namespace gatehouse
