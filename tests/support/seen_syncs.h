// SPDX-License-Identifier: Apache-2.0
#pragma once
// What this program asks fsync for: a program that links this has an fsync of
// its own, in place of the C library's. (SQLite syncs by fdatasync, which stays
// what it is.)

#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace gatehouse::testing {

// Notes the paths while it lives, and does what it is told in place of the
// system. One at a time; from any thread.
class SeenSyncs {
 public:
  // What fsync of this path is to do: 0, or the errno of its failure. Nothing:
  // what it does otherwise.
  using Instead = std::function<int(const std::string& path)>;

  explicit SeenSyncs(Instead instead = nullptr);
  ~SeenSyncs();
  SeenSyncs(const SeenSyncs&) = delete;
  SeenSyncs& operator=(const SeenSyncs&) = delete;

  bool Has(const std::string& path) const;

  // For fsync.
  int Sync(int fd);

 private:
  Instead instead_;
  mutable std::mutex mutex_;
  std::vector<std::string> paths_;
};

}  // namespace gatehouse::testing
