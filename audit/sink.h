// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where records go: the stage after policy/engine and before proxy/gate lets a
// byte leave. The one virtual seam of audit/, so that gates can be tested over
// a sink that fails at its n-th write.
//
// A wake-up of the relay judges many frames; their records share one
// transaction: Append each, Commit once, and only then forward. If Commit
// fails nothing of the batch is kept and nothing of it may leave.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "audit/limit_use.h"
#include "audit/record.h"
#include "audit/tool_definition.h"
#include "policy/result.h"

namespace gatehouse::audit {

// kNormal: survives a killed process. kFull: on disk before Commit returns.
enum class Durability { kNormal = 0, kFull };

// How syncs have ended: all up to that number that were not told of before.
struct Synced {
  std::uint64_t through = 0;
  Status status = Done{};
};

// One owner, one thread.
class Sink {
 public:
  virtual ~Sink() = default;

  // Adds the record to the open batch (opening one where there is none) and
  // returns its sequence number. After an error the batch is void: Rollback.
  virtual Result<Sequence> Append(const Record& record) = 0;

  // Counts a call against limits within the open batch (opening one where
  // there is none): all of `uses`, or, where one is used up, none of them and
  // its index. An error counts nothing and leaves the batch as it was.
  virtual Result<std::optional<std::size_t>> CountLimits(
      std::span<const LimitUse> uses) = 0;

  // Makes the batch durable and ends it; no batch open: success, no work.
  virtual Status Commit(Durability durability) = 0;

  // Has all that is committed brought to the disk, while its owner goes on: who
  // must not act before it is there waits for TakeSynced to tell of this
  // number (1, 2, …). A sync that fails takes nothing back: the records stand.
  virtual std::uint64_t StartSync() = 0;
  // In order; nothing where none has ended since. To be called until then.
  virtual std::optional<Synced> TakeSynced() = 0;
  // Readable when TakeSynced has something to tell; -1 where it always has when
  // StartSync returns.
  virtual int synced_fd() const = 0;

  // Forgets the open batch; its numbers are given again.
  virtual void Rollback() = 0;

  // Keeps a policy's text under its hash, once; part of the open batch.
  virtual Status KeepPolicy(std::string_view hash, std::string_view text) = 0;

  // Keeps a tool's definition, once; one that is there already only becomes
  // accepted by it, never the contrary. Part of the open batch.
  virtual Status KeepDefinition(const ToolDefinition& definition) = 0;

  // The committed definitions of one server's tools, in the order of tool and
  // time; none where the server was never seen.
  virtual Result<std::vector<ToolDefinition>> Definitions(
      std::string_view server) = 0;

  // Called when the relay has nothing to do: checkpoints, at most a few ms.
  virtual void Idle() = 0;
};

}  // namespace gatehouse::audit
