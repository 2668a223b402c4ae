// SPDX-License-Identifier: Apache-2.0
#pragma once
// A disk that turns read-only under a running process, as a file system does
// when its device fails ("errors=remount-ro"). No kernel remounts a file system
// that somebody writes to, so its answers are given in its place: every opening
// for writing, write at a place, truncation, removal and renaming of a process
// started here asks us (seccomp_unotify(2)), and gets EROFS while the disk is
// read-only. Streams (pipes, logs) are not asked about.

#include <atomic>
#include <functional>
#include <thread>

#include "proxy/fd.h"

namespace gatehouse::testing {

// Owns the thread that answers. Must outlive the processes it started: without
// it their calls fail with ENOSYS. Thread-safe but for Start.
class ReadOnlyDisk {
 public:
  ReadOnlyDisk() = default;
  ReadOnlyDisk(const ReadOnlyDisk&) = delete;
  ReadOnlyDisk& operator=(const ReadOnlyDisk&) = delete;
  ~ReadOnlyDisk();

  // Runs `start` so that all that it forks lives on this disk. False, with
  // nothing run, where the kernel has no such filter. Once only.
  bool Start(const std::function<void()>& start);

  void TurnReadOnly() { read_only_ = true; }
  void TurnWritable() { read_only_ = false; }
  // How many calls got EROFS.
  int refused() const { return refused_; }

 private:
  void Answer();

  UniqueFd listener_;
  Pipe stop_;
  std::thread answerer_;
  std::atomic<bool> read_only_ = false;
  std::atomic<int> refused_ = 0;
};

}  // namespace gatehouse::testing
