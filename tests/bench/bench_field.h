// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a session bench takes place: a folder with a policy of 50 rules, a
// kubeconfig and a database, the contenders that work there, and the disk's own
// price of a sync.

#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/bench_session.h"

namespace gatehouse::bench {

// Owns the folder, which ends with it.
class Field {
 public:
  Field();
  ~Field();
  Field(const Field&) = delete;
  Field& operator=(const Field&) = delete;

  // The echo server alone, behind a relay that copies, and behind the guard.
  Contender Direct() const;
  Contender Relay() const;
  Contender Guard(const std::vector<std::string>& options = {}) const;
  // The guard with a database that is not there yet.
  Contender FreshGuard();

  // One fdatasync of a page just written, in microseconds: the median of many.
  double SyncMicroseconds() const;

 private:
  Contender GuardOver(const std::string& database,
                      const std::vector<std::string>& options) const;

  std::string folder_;   // on the disk
  std::string runtime_;  // for the guards' private copies
  int fresh_ = 0;
};

// The same contender with one more variable, or all of it on the first core.
Contender With(Contender what, const char* name, std::string_view value);
Contender Pinned(Contender what);

}  // namespace gatehouse::bench
