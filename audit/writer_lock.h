// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one lock between the guards that write to a database.
//
// SQLite before 3.51.3 (3.44.6, 3.50.7) can lose committed rows when two
// connections commit and checkpoint at the same instant; Debian 12 has 3.40.1.
// So this lock is held around every transaction, checkpoint, open and close of
// a writer. It also makes writers fair, and the chain's head safe to read.
//
// It is a flock on `audit.lock`: the kernel drops it however its holder dies.
// A writer that must wait for it takes its place at the door: a second lock, on
// the file's first byte, which it holds only while it waits. Who finds somebody
// there waits behind them, though the lock be free: so a guard that writes
// without a pause cannot come in again before the one that waits.
//
// The bytes after the first are slots: each guard keeps one locked for as long
// as it lives, by which others tell that it does (sqlite_sessions.h).

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "audit/known_name.h"
#include "audit/trail_files.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Owns one descriptor. One thread. Not held after construction.
class WriterLock {
 public:
  // Once `stop` is requested, Acquire tries once and waits no more.
  explicit WriterLock(std::string path, std::stop_token stop = {});
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

  // Waits at most `patience`, then kBusy. Zero tries once. Held: success.
  Status Acquire(std::chrono::milliseconds patience);
  void Release();
  bool held() const { return held_; }

  // Keeps the slot (1, 2, …) for the life of this object, also where the file
  // is replaced; false where another has it.
  Result<bool> KeepSlot(std::int64_t slot);
  // The first that is free from `lowest` on.
  Result<std::int64_t> KeepSlotFrom(std::int64_t lowest);
  // Whether another keeps it. Where that cannot be told, it is kept.
  bool IsSlotKept(std::int64_t slot);

 private:
  Status Open();
  void Close();
  enum class Turn { kFirst = 0, kWaited };
  Result<bool> TryOnce(Turn turn);
  bool TryDoor();
  bool OthersWait() const;
  void LeaveDoor();
  bool IsStillThere();

  std::string path_;
  std::stop_token stop_;
  std::optional<std::int64_t> slot_;
  int fd_ = -1;
  FileIdentity file_;  // that is open
  KnownName name_;
  bool held_ = false;
  bool at_door_ = false;
};

}  // namespace gatehouse::audit
