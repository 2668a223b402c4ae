// SPDX-License-Identifier: Apache-2.0
#include "audit/known_name.h"

#include <ctime>

namespace gatehouse::audit {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// How long a folder that was moved may go unnoticed.
constexpr milliseconds kLookAgain{100};
// Two changes within a tick of the kernel's clock have one ctime: one that is
// younger than some ticks may hide another.
constexpr milliseconds kSettled{50};

nanoseconds Since(const timespec& then, const timespec& now) {
  return seconds(now.tv_sec - then.tv_sec) +
         nanoseconds(now.tv_nsec - then.tv_nsec);
}

}  // namespace

bool KnownName::IsUnchanged(int fd) const {
  if (Clock::now() >= until_) return false;
  struct stat file {};
  return fstat(fd, &file) == 0 && file.st_nlink > 0 &&
         Since(changed_, file.st_ctim) == nanoseconds(0);
}

void KnownName::Note(int fd) {
  Forget();
  struct stat file {};
  timespec now{};
  if (fstat(fd, &file) != 0 || clock_gettime(CLOCK_REALTIME, &now) != 0) return;
  if (Since(file.st_ctim, now) < kSettled) return;
  changed_ = file.st_ctim;
  until_ = Clock::now() + kLookAgain;
}

}  // namespace gatehouse::audit
