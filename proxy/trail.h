// SPDX-License-Identifier: Apache-2.0
#pragma once
// The session's records on their way to the sink. Decisions are written with
// one commit per batch and before anything leaves; outcomes and noise wait in
// memory (a transaction held open would keep other guards out) and ride along
// with the next commit, or go at Flush.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "audit/sink.h"
#include "policy/engine.h"
#include "proxy/clock.h"
#include "proxy/session.h"

namespace gatehouse {

namespace audit {
class Redactor;  // audit/redact.h
}

// Who asks, as far as the kernel and the kubeconfig tell; fixed for a session.
struct Identity {
  std::string session;  // UUIDv7
  Subject subject;      // `client` is filled in by the gate, from the session
  std::uint32_t uid = 0;
  std::int64_t pid = 0;
  std::string server;  // profile name, "" without one
  // "sha256:…" of the server's command line, by which its tools' definitions
  // are remembered; "" remembers none.
  std::string command;
};

// A record that says who, and nothing else yet.
audit::Record RecordOf(const Identity& identity);

// Borrows all, for its life. One thread. The queue is bounded: beyond it the
// oldest go, and the next record that is queued says how many.
class Trail {
 public:
  Trail(audit::Sink& sink, const Clock& clock, const Identity& identity,
        const Session& session);

  // What a client says of itself is masked by it from now on.
  void MaskBy(const audit::Redactor& redactor) { redactor_ = &redactor; }
  // A record with who, when and where filled in.
  audit::Record Make(audit::Stage stage) const;
  // Rides along with the next commit.
  void Queue(audit::Record&& record);
  // A tool's definition, likewise.
  void Queue(audit::ToolDefinition definition);
  // What the database knows of this session's server.
  Result<std::vector<audit::ToolDefinition>> Definitions() const;
  // What waits, then `records`, in one commit that survives a killed process:
  // their sequence numbers, in order. On failure nothing of `records` is kept,
  // and what waited waits on.
  Result<std::vector<audit::Sequence>> Write(
      const std::vector<audit::Record>& records);
  // All that was written on its way to the disk, and how far it has come: as
  // of audit::Sink.
  std::uint64_t StartSync() { return sink_.StartSync(); }
  std::optional<audit::Synced> TakeSynced() { return sink_.TakeSynced(); }
  // Counts a call against limits, in the transaction that Write will end: the
  // index of the first that is used up; else all are counted.
  Result<std::optional<std::size_t>> CountLimits(
      const std::vector<audit::LimitUse>& uses);
  // Writes what waits. Nothing waiting: success, no work.
  Status Flush();

  std::size_t waiting() const { return queue_.size(); }
  // The newest record that this session has committed; 0 before the first.
  audit::Sequence last() const { return last_; }
  const Identity& identity() const { return identity_; }

 private:
  Result<std::vector<audit::Sequence>> AppendAll(
      const std::vector<audit::Record>& records);

  audit::Sink& sink_;
  const Clock& clock_;
  const Identity& identity_;
  const Session& session_;
  const audit::Redactor* redactor_ = nullptr;
  std::deque<audit::Record> queue_;
  std::vector<audit::ToolDefinition> definitions_;
  std::uint64_t lost_ = 0;
  audit::Sequence appended_ = 0;
  audit::Sequence last_ = 0;
};

}  // namespace gatehouse
