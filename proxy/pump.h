// SPDX-License-Identifier: Apache-2.0
#pragma once
// One wake-up of the relay: wait, read all there is, hand whole frames to the
// gates in batches, write what the verdicts say. Knows sources, sinks and
// limits, and nothing of how a session begins or ends (proxy/relay).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proxy/fd.h"
#include "proxy/framer.h"
#include "proxy/outbox.h"
#include "proxy/poll_set.h"
#include "proxy/verdict.h"

namespace gatehouse {

// Where frames come from.
struct Source {
  Stream stream;
  Framer framer;
  FrameHandler judge;
  bool readable = false;
  bool ended = false;    // no more bytes will come
  bool backlog = false;  // whole frames may wait in the framer
  bool hung_up = false;  // the far side has ended; there may be bytes to read

  // Ended, and every whole frame judged.
  bool Silent() const { return ended && !backlog; }
};

// Where lines go. Closed: what is added is forgotten.
struct Sink {
  Stream stream;
  Outbox outbox = {};
  bool broken = false;  // the far side no longer reads
  Outbox behind = {};   // whole lines, behind a line that is still open
  bool line_open = false;
  std::uint64_t written = 0;  // bytes, in all

  void Add(std::string bytes, FramePart part = FramePart::kWhole);
  // The open line will not be ended: a byte that stands in no message makes it
  // none for whoever reads it, and what waits behind it may go.
  void BreakLine();
  void Flush();
  void Close();  // forgets what is pending
  // All that waits, also what must not go yet.
  std::size_t waiting() const { return outbox.pending() + behind.pending(); }
};

struct PumpLimits {
  std::size_t max_pending_bytes = 0;        // for the client
  std::size_t max_calls_pending_bytes = 0;  // for the server
  // What the server can make us answer before it is no longer read. More than
  // a client can queue, or both sides could wait for ever.
  std::size_t max_server_pending_bytes = 0;
  std::size_t max_wakeup_bytes = 0;
};

// Other descriptors to wait for, -1 for none, and how long (-1: no limit).
struct PumpWatch {
  int signal_fd = -1;
  int control_fd = -1;
  int timeout_ms = -1;
  int watch_fd = -1;
  int turn_fd = -1;  // only wakes
};

struct Wakeup {
  bool signalled = false;
  bool child_changed = false;
  int error = 0;  // errno of poll; 0 for none and for EINTR
  bool watched = false;
};

// Owns the streams of a session. One thread; the handlers must not throw.
// The relay opens and closes the members as the session goes on.
class Pump {
 public:
  Pump(Source from_client, Source from_server, PumpLimits size_limits);

  Source client;
  Source server;
  Source server_err{{}, Framer(std::size_t{64} << 10), {}};
  Sink to_client;
  Sink to_server;
  bool serving_client = true;  // false: what it has still sent is not judged
  bool client_held = false;    // it is not read: its gate has enough in hand
  // The client is read although the server is not reading: its gate refuses.
  bool server_busy = false;

  Wakeup Wait(const PumpWatch& watch);
  // Reads what Wait found readable, judges and writes. True if bytes came.
  bool Move();
  // Carries out verdicts about frames of this source that came earlier.
  void Give(const Source& from, std::vector<Verdict> verdicts);
  // Reads what is left of the server's stderr.
  void DrainServerErr();
  // The server has more to read than it may keep waiting, and nothing that
  // the client does is why.
  bool ServerIsFull() const;
  // Why a gate said kClose; after that nothing more is judged.
  const std::optional<std::string>& close_reason() const {
    return close_reason_;
  }

 private:
  bool ReadAll(Source& source);
  bool MayJudge(const Source& source) const;
  void Judge(Source& source);
  void JudgeServerErr();
  void Apply(const Source& from, std::vector<Verdict> verdicts);
  void FlushAll();
  bool MayRead(const Source& source) const;

  PumpLimits limits_;
  PollSet polls_;
  std::optional<std::string> close_reason_;
};

}  // namespace gatehouse
