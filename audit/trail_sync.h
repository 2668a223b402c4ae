// SPDX-License-Identifier: Apache-2.0
#pragma once
// Brings what is committed to the disk, in a thread of its own: one slow
// fdatasync must not hold up calls that do not wait for it. Nothing but that
// happens there. Records are numbered, chained and committed in the guard's
// one thread, under the writer lock, which is not held while the disk works;
// so one sync covers all that was committed before it began, whoever did.
//
// It syncs the write-ahead log through a read-only connection of its own,
// which that thread opens, uses and closes, and first the folder, that the
// names of the log and of its database are there after a power cut. What a
// checkpoint has taken out of the log meanwhile was synced by it first.
//
// After a sync that failed, the system may call pages clean that never reached
// the disk, and the next sync would say that all is well. So none is believed
// until Mend, and what is asked for meanwhile fails.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "audit/chain.h"
#include "audit/trail_files.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Called from one thread. The thread behind it starts with the first Start that
// the system gives one; until then Start waits for the disk itself.
class TrailSync {
 public:
  explicit TrailSync(std::string database);
  // Stop, without patience.
  ~TrailSync();
  TrailSync(const TrailSync&) = delete;
  TrailSync& operator=(const TrailSync&) = delete;

  // Whether it can wake anybody up: false where descriptors are used up.
  bool usable() const { return fd() >= 0; }
  // Readable where Take may have something.
  int fd() const;

  // All up to `head` is committed in the database that is `file`: the number,
  // 1, 2, …, of this request. Never waits but where no thread can be had.
  std::uint64_t Start(const FileIdentity& file, ChainHead head);

  // All requests up to `through` that were not told of before have this end.
  struct Ended {
    std::uint64_t through = 0;
    Status status = Done{};
    ChainHead head;  // of the newest of them
  };
  // Never waits. To be called until it has nothing.
  std::optional<Ended> Take();

  // Whether request `number` has an end within `patience`; Take tells which.
  bool Await(std::uint64_t number, std::chrono::milliseconds patience);

  // A sync failed: what is in the log must reach the disk in another way.
  bool failed() const;
  void Mend();

  // What was asked for is still done. A thread that hangs in a dead disk is
  // left behind after `patience`: false, and whoever waits for that disk now
  // would hang as well.
  bool Stop(std::chrono::milliseconds patience);

 private:
  struct Shared;
  static void Run(const std::shared_ptr<Shared>& shared);
  bool HasThread();

  std::shared_ptr<Shared> shared_;
  bool started_ = false;
  bool stopped_ = false;
};

}  // namespace gatehouse::audit
