// SPDX-License-Identifier: Apache-2.0
#include "proxy/pump.h"

#include <poll.h>
#include <signal.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace gatehouse {
namespace {

// Of one read: few enough that what comes is still in the cache when it goes.
constexpr std::size_t kReadBytes = 128 << 10;
// Bound what one batch holds and can answer: a frame that is being judged takes
// some twenty times its bytes (its value, the decision, the record), and a
// megabyte may hold half a million lines. The allocator keeps what a batch
// took, scattered among what outlives it, so this is what a burst leaves
// behind: 2.4 MiB of 256 frames, 1.8 of so many. Enough for a commit to be
// shared by many.
constexpr std::size_t kMaxBatchFrames = 128;
constexpr std::size_t kMaxBatchBytes = std::size_t{128} << 10;

#ifdef GATEHOUSE_CRASH_POINTS
// Test builds only: GATEHOUSE_CRASH_AT=decided:3 kills the guard, as kill -9
// would, when it passes that point for the third time.
void CrashPoint(std::string_view name) {
  static int passed = 0;
  const char* setting = std::getenv("GATEHOUSE_CRASH_AT");
  if (setting == nullptr) return;
  const std::string_view at = setting;
  const std::size_t colon = at.find(':');
  if (at.substr(0, colon) != name) return;
  const int wanted = colon == at.npos ? 1 : std::atoi(setting + colon + 1);
  if (++passed == wanted) raise(SIGKILL);
}
#else
void CrashPoint(std::string_view) {}
#endif

}  // namespace

void Sink::Add(std::string bytes, FramePart part) {
  if (!stream.open()) return;
  if (part == FramePart::kWhole && line_open) {
    behind.Add(std::move(bytes));
    return;
  }
  outbox.Add(std::move(bytes));
  if (part == FramePart::kWhole) return;
  line_open = part != FramePart::kLast;
  if (!line_open) outbox.Append(behind);
}

void Sink::BreakLine() {
  // What has left may be a whole message but for its end: the byte makes sure
  // that the line is none.
  if (line_open) Add("\x01\n", FramePart::kLast);
}

void Sink::Flush() {
  if (outbox.pending() == 0 || !stream.open()) return;
  const std::size_t before = outbox.pending();
  if (outbox.Flush(stream).state == IoState::kFailed) broken = true;
  written += before - outbox.pending();
}

void Sink::Close() {
  stream.Close();
  outbox.Clear();
  behind.Clear();
  line_open = false;
}

Pump::Pump(Source from_client, Source from_server, PumpLimits size_limits)
    : client(std::move(from_client)),
      server(std::move(from_server)),
      limits_(size_limits) {}

Wakeup Pump::Wait(const PumpWatch& watch) {
  const auto source = [&](const Source& from) {
    const bool wanted = from.stream.open() && MayRead(from);
    return pollfd{wanted ? from.stream.fd() : -1, POLLIN, 0};
  };
  // One that is not read may end all the same: told once, or we would spin.
  const bool client_wanted = client.stream.open() && MayRead(client);
  const bool client_watched = client_wanted || !client.hung_up;
  const short client_events = client_wanted ? POLLIN : POLLRDHUP;
  const auto sink = [](const Sink& to) {
    const short events = to.outbox.pending() > 0 ? POLLOUT : 0;
    return pollfd{to.stream.fd(), events, 0};  // 0: errors only
  };
  std::array<pollfd, 9> fds = {
      pollfd{client_watched ? client.stream.fd() : -1, client_events, 0},
      source(server),
      source(server_err),
      sink(to_client),
      sink(to_server),
      pollfd{watch.signal_fd, POLLIN, 0},
      pollfd{watch.control_fd, POLLIN, 0},
      pollfd{watch.watch_fd, POLLIN, 0},
      pollfd{watch.turn_fd, POLLIN, 0}};
  if (polls_.Poll(fds, watch.timeout_ms) < 0) {
    return {false, false, errno == EINTR ? 0 : errno};
  }
  constexpr short kGone = POLLERR | POLLHUP | POLLNVAL;
  client.readable = client_wanted && fds[0].revents != 0;
  client.hung_up =
      client.hung_up || (fds[0].revents & (kGone | POLLRDHUP)) != 0;
  server.readable = fds[1].revents != 0;
  server_err.readable = fds[2].revents != 0;
  to_client.broken = to_client.broken || (fds[3].revents & kGone) != 0;
  to_server.broken = to_server.broken || (fds[4].revents & kGone) != 0;
  return {fds[5].revents != 0, fds[6].revents != 0, 0, fds[7].revents != 0};
}

bool Pump::Move() {
  bool moved = false;
  for (Source* source : {&server, &client, &server_err}) {
    if (std::exchange(source->readable, false)) {
      moved = ReadAll(*source) || moved;
    }
  }
  // What is written frees the way for what waits, unless a sink is full.
  do {
    Judge(server);
    Judge(client);
    FlushAll();
  } while (MayJudge(server) || MayJudge(client));
  JudgeServerErr();
  return moved;
}

void Pump::Give(const Source& from, std::vector<Verdict> verdicts) {
  if (verdicts.empty()) return;
  Apply(from, std::move(verdicts));
  FlushAll();
}

void Pump::JudgeServerErr() {
  while (MayJudge(server_err)) Judge(server_err);
}

// What a full pipe holds, and not what somebody goes on writing to it.
void Pump::DrainServerErr() {
  constexpr int kReads = 8;
  for (int i = 0; i < kReads && ReadAll(server_err); ++i) JudgeServerErr();
}

bool Pump::ReadAll(Source& source) {
  std::size_t total = 0;
  while (total < limits_.max_wakeup_bytes && source.stream.open()) {
    const std::span<char> room = source.framer.Room(kReadBytes);
    const IoResult read = source.stream.Read(room);
    if (read.state == IoState::kBlocked) break;
    if (read.state != IoState::kMoved) {
      source.ended = true;
      source.stream.Close();
      break;
    }
    source.framer.Take(read.bytes);
    total += read.bytes;
    if (read.bytes < room.size()) break;  // all there was
  }
  source.backlog = source.backlog || total > 0;
  return total > 0;
}

bool Pump::MayJudge(const Source& source) const {
  return source.backlog && !close_reason_ && MayRead(source);
}

// One batch of frames.
void Pump::Judge(Source& source) {
  if (!MayJudge(source)) return;
  std::vector<Frame> frames;
  std::size_t bytes = 0;
  while (frames.size() < kMaxBatchFrames && bytes < kMaxBatchBytes) {
    const std::optional<Frame> frame = source.framer.Next();
    if (!frame) {
      source.backlog = false;
      break;
    }
    frames.push_back(*frame);
    bytes += frame->bytes.size();
  }
  if (!frames.empty()) Apply(source, source.judge(frames));
}

void Pump::Apply(const Source& from, std::vector<Verdict> verdicts) {
  CrashPoint(&from == &client ? "decided" : "returned");
  Sink& ahead = &from == &client ? to_server : to_client;
  Sink& back = &from == &client ? to_client : to_server;
  for (Verdict& verdict : verdicts) {
    switch (verdict.kind) {
      case Verdict::Kind::kDrop:
        break;
      case Verdict::Kind::kForward:
        ahead.Add(std::move(verdict.bytes), verdict.part);
        break;
      case Verdict::Kind::kAnswer:
        back.Add(std::move(verdict.bytes));
        break;
      case Verdict::Kind::kClose:
        close_reason_ = std::move(verdict.bytes);
        return;
    }
  }
}

void Pump::FlushAll() {
  const std::uint64_t before = to_server.written;
  to_server.Flush();
  if (to_server.written > before) CrashPoint("forwarded");
  to_client.Flush();
}

bool Pump::MayRead(const Source& source) const {
  if (&source == &server_err) return true;
  const std::size_t ahead = to_server.outbox.pending();
  if (&source == &client) {
    return serving_client && !client_held &&
           to_client.waiting() <= limits_.max_pending_bytes &&
           (ahead <= limits_.max_calls_pending_bytes || server_busy);
  }
  // What waits behind an open line waits for the server.
  return to_client.outbox.pending() <= limits_.max_pending_bytes &&
         ahead <= limits_.max_server_pending_bytes;
}

bool Pump::ServerIsFull() const {
  return to_server.outbox.pending() > limits_.max_calls_pending_bytes &&
         to_client.outbox.pending() <= limits_.max_pending_bytes;
}

}  // namespace gatehouse
