// SPDX-License-Identifier: Apache-2.0
#pragma once
// The descriptors of a session that nearly never have something to tell, behind
// one that tells for them all: each that is polled by itself costs every
// wake-up of the relay. Who is told polls them to learn which it was.

#include <poll.h>

#include <span>
#include <vector>

#include "proxy/fd.h"

namespace gatehouse {

// Borrows the descriptors. One thread.
class QuietSet {
 public:
  // Readable while one of `fds` has what its `events` ask for, or an error;
  // those below 0 have nothing. Good until one of them is closed: ask anew
  // before each poll, which costs nothing while they stay the same. -1 where
  // one of them cannot be watched so (a plain file, which is always ready):
  // then poll each.
  int Watch(std::span<const pollfd> fds);

 private:
  bool Add(const pollfd& fd) const;

  std::vector<int> watched_;
  UniqueFd epoll_;
};

}  // namespace gatehouse
