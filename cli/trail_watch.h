// SPDX-License-Identifier: Apache-2.0
#pragma once
// Waits for somebody to write to the trail, for `audit tail -f`: the kernel
// tells of changes beside the database, so that nothing is polled. Ends on
// SIGINT, SIGTERM and when nobody reads standard output any more.

#include <chrono>
#include <string>

#include "policy/result.h"
#include "proxy/fd.h"

namespace gatehouse::cli {

// Owns its descriptors. Blocks SIGINT and SIGTERM in this thread from Open on:
// they end Wait. One thread.
class TrailWatch {
 public:
  static Result<TrailWatch> Open(const std::string& database);

  enum class Woken { kEnd = 0, kChange, kTime };
  // A change may be told before other connections see it.
  Woken Wait(std::chrono::milliseconds limit);

 private:
  TrailWatch(UniqueFd changes, UniqueFd signals);

  UniqueFd changes_;
  UniqueFd signals_;
};

// How long to wait for a change to become visible: soon at first, later
// seldom, since changes are told.
class Patience {
 public:
  void Renew() { step_ = 0; }
  std::chrono::milliseconds Next();

 private:
  std::size_t step_ = 0;
};

}  // namespace gatehouse::cli
