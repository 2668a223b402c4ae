// SPDX-License-Identifier: Apache-2.0
#pragma once
// A disk that fails: a layer over SQLite's own file system that counts every
// operation, fails the n-th (once or from then on), and keeps a log from which
// the disk is made that a power cut at any point could have left behind.
// Syncs are logged and not done: tests are about what was promised, not about
// this machine's disk. Names are on the disk once their folder was synced: by
// SQLite with its first sync of a log, or by fsync of the folder, which is ours
// here; a failure of the first is told to nobody.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/power_cut.h"
#include "tests/support/seen_syncs.h"

struct sqlite3_vfs;

namespace gatehouse::testing {

enum class Fault { kNever = 0, kOnce, kForGood };

// The default file system of SQLite while it lives. One at a time. SQLite may
// call it from several threads; a test looks at it when they are quiet.
class FaultVfs {
 public:
  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  // The n-th operation from now on, counted from 1.
  void FailAt(std::size_t n, Fault fault);
  // Every operation of this kind ("write", "sync-folder", …) fails from now on.
  void FailAll(std::string kind);
  // Nothing fails any more.
  void Heal();
  // Syncs of the write-ahead log wait until it is said that they need not any
  // more; those of a checkpoint do, too, so that a test must not meet one.
  void HoldSyncs();
  void LetSyncsGo();
  // Waits until at most `count` files are open: threads that were left behind
  // must not outlive their disk.
  void AwaitOpen(std::size_t count);
  std::size_t open_files() const;
  bool has_failed() const { return failures_ > 0; }
  // How often each kind of operation has failed: "write", "shm-map", …
  const std::map<std::string, std::size_t>& failed() const { return failed_; }
  std::size_t operations() const { return operations_; }

  // Writes, truncations, syncs and deletions so far: where a cut can be.
  std::size_t log_size() const { return log_.size(); }
  // What comes after is not logged.
  void EndLog() { logging_ = false; }
  // Each file that there is, by its name without folders, as it may be after a
  // power cut before entry `at` of the log.
  std::map<std::string, std::string> Disk(std::size_t at, Cut cut,
                                          std::uint64_t seed) const;

  // How often a file was to be brought to the disk.
  std::size_t syncs() const;

  // For the functions that SQLite calls.
  // Whether the log says nothing of this file yet.
  bool IsNew(const std::string& file) const;
  bool Fails(const char* operation);
  // False: it failed.
  bool SyncFolder();
  using Entry = DiskEntry;
  void Log(Entry entry);
  void AwaitSync();
  void CountOpen(int more);
  sqlite3_vfs* below() const { return below_; }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool holds_syncs_ = false;
  std::size_t open_files_ = 0;
  sqlite3_vfs* below_ = nullptr;
  std::size_t operations_ = 0;
  std::size_t fail_at_ = 0;
  Fault fault_ = Fault::kNever;
  std::string all_fail_;  // of this kind
  std::size_t failures_ = 0;
  std::map<std::string, std::size_t> failed_;
  std::vector<Entry> log_;
  bool logging_ = true;
  SeenSyncs syncs_;  // the last: a thread may sync until here
};

}  // namespace gatehouse::testing
