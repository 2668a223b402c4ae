// SPDX-License-Identifier: Apache-2.0
#pragma once
// As at a limit of processes: no thread begins while one of these lives. It
// works by a default stack of more bytes than there are addresses, which root,
// who has no limit of processes, is refused too.

#include <pthread.h>

#include <cstddef>

namespace gatehouse::testing {

class NoThreads {
 public:
  NoThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t vast;
    pthread_attr_init(&vast);
    pthread_attr_setstacksize(&vast, std::size_t{1} << 50);
    pthread_setattr_default_np(&vast);
    pthread_attr_destroy(&vast);
  }
  ~NoThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t before_;
};

}  // namespace gatehouse::testing
