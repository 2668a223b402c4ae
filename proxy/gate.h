// SPDX-License-Identifier: Apache-2.0
#pragma once
// Client to server: the gate that every frame of the client passes. Frames in,
// verdicts out: read, route, judge, record, and only then forward. What is
// forwarded is the canonical text of what was judged; what cannot be recorded
// is not forwarded. It owns no bytes, no process and no clock: pure over fakes.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "audit/sink.h"
#include "proxy/clock.h"
#include "proxy/judge.h"
#include "proxy/session.h"
#include "proxy/trail.h"
#include "proxy/verdict.h"

namespace gatehouse {

class ToolProfile;  // policy/kubernetes/tool_profile.h
namespace audit {
class Redactor;  // audit/redact.h
}

// What both gates borrow, for their lives. One thread.
struct GateContext {
  Judge& judge;
  Trail& trail;
  Session& session;
  const Clock& clock;
  const audit::Redactor& redactor;
  // kFull: every record is on the disk before anybody hears of it. kNormal:
  // those of calls that can change things.
  audit::Durability durability = audit::Durability::kNormal;
  // Told, in one sentence, what a person at the terminal should know: that
  // nothing can be recorded, say. May be empty.
  std::function<void(std::string_view)> warn = nullptr;
  // Tools that no call could pass for are listed all the same, and marked.
  bool show_denied = false;
  // Of the server, for the versions that it was checked against; or nullptr.
  const ToolProfile* profile = nullptr;
};

class Gate {
 public:
  explicit Gate(const GateContext& context);
  ~Gate();

  // Judges all frames of one wake-up; their records share one commit. One
  // verdict for each frame, in order (blank and dropped ones, and those that
  // wait for the disk: kDrop). kForward goes to the server, kAnswer back to
  // the client.
  std::vector<Verdict> Handle(std::span<const Frame> frames);

  // What waited for the disk and need not any more, in its order; and the calls
  // that were held and are not any more, judged now: verdicts as of Handle. To
  // be asked for after every wake-up, and when Sink::synced_fd is readable.
  std::vector<Verdict> Release();
  // Whether anything waits for the disk; and so much that the client should
  // not be read meanwhile.
  bool waiting() const;
  bool full() const;

  // The client ended in the middle of a line: recorded, never forwarded.
  void OnUnfinished(std::string_view bytes);

 private:
  struct State;

  std::unique_ptr<State> state_;
};

}  // namespace gatehouse
