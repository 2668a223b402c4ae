// SPDX-License-Identifier: Apache-2.0
#pragma once
// A SIGTERM that has reached this process and that nobody has read yet, as it
// is when a guard is told to end while it starts.

#include <signal.h>

#include <ctime>

namespace gatehouse::testing {

// Taken back with it. For tests whose other threads block SIGTERM, too.
class WaitingTerm {
 public:
  WaitingTerm() {
    sigemptyset(&term_);
    sigaddset(&term_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &term_, &before_);
    raise(SIGTERM);
  }
  WaitingTerm(const WaitingTerm&) = delete;
  WaitingTerm& operator=(const WaitingTerm&) = delete;
  ~WaitingTerm() {
    const timespec at_once = {};
    sigtimedwait(&term_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t term_ = {};
  sigset_t before_ = {};
};

}  // namespace gatehouse::testing
