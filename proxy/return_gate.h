// SPDX-License-Identifier: Apache-2.0
#pragma once
// Server to client: each line must be one valid message that answers a request
// in flight, notifies, or asks for something the client declared. What passes
// is relayed byte for byte, but for lists (server_lists.h); everything else is
// dropped and recorded. Each answered call leaves an outcome record.

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "proxy/gate.h"
#include "proxy/verdict.h"

namespace gatehouse {

// SDK clients close the connection above this.
inline constexpr std::size_t kMaxResultBytes = 10u << 20;

// What becomes of long lines of the server. They are held while they are read,
// up to `max_bytes`; a longer answer becomes an error `result-too-large`, and
// nothing of it is kept. With `streams`, the answer to a judged call passes on
// while it arrives, whatever its size, where nothing in it would be changed.
struct ResultLimit {
  std::size_t max_bytes = kMaxResultBytes;
  bool streams = false;
};

// Borrows what the context holds, for its life. One thread.
class ReturnGate {
 public:
  explicit ReturnGate(const GateContext& context, ResultLimit limit = {});
  ~ReturnGate();

  // One verdict for each frame, in order. kForward goes to the client,
  // kAnswer back to the server. Behind a kClose nothing is judged any more.
  std::vector<Verdict> Handle(std::span<const Frame> frames);

  // The server has ended: answers every request in flight with `server-died`
  // (kForward: to the client) and queues the outcomes. Later requests are
  // answered likewise by Gate.
  std::vector<Verdict> OnServerGone();

  // Another policy is in force: what tells the client to list the tools again,
  // where the server's revision and capabilities let it be told (kForward).
  std::vector<Verdict> OnPolicyChanged();

  // The server ended in the middle of a line: recorded, never relayed.
  void OnUnfinished(std::string_view bytes);

  // Writes the outcomes that wait: when idle, and at a clean shutdown.
  Status Flush();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gatehouse
