// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a name still leads to the file that is open: asked before each record
// of the trail's database and of its lock, so that nobody writes where no name
// leads to. To look at a name costs three times what it costs to look at the
// file, and the file tells as much: how many names it has, and when the last
// thing was done to one of them. What it does not tell is that a folder above
// it was moved; so the name is looked at now and then, too.

#include <sys/stat.h>

#include <chrono>

namespace gatehouse::audit {

// For one open file. One thread.
class KnownName {
 public:
  // Whether nothing has happened to the file `fd` since Note. False also where
  // that cannot be told: then the name is to be looked at.
  bool IsUnchanged(int fd) const;
  // The name was looked at and leads to `fd`.
  void Note(int fd);
  void Forget() { until_ = {}; }

 private:
  using Clock = std::chrono::steady_clock;

  timespec changed_{};  // the file's ctime
  Clock::time_point until_{};
};

}  // namespace gatehouse::audit
