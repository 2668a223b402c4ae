// SPDX-License-Identifier: Apache-2.0
#pragma once
// poll(2) for who polls the same descriptors over and over: after some times
// the kernel is asked to keep them (epoll), and each that has nothing to tell
// costs a wake-up nothing any more. The relay polls eight, of which two tell.

#include <poll.h>

#include <span>
#include <vector>

#include "proxy/fd.h"

namespace gatehouse {

// Borrows the descriptors. One thread.
class PollSet {
 public:
  // As poll does it, errno included; level-triggered. A descriptor that is
  // closed must not be given again, as another one of its number, in the same
  // place: give -1 once before. What cannot be kept (a plain file) is polled.
  int Poll(std::span<pollfd> fds, int timeout_ms);

 private:
  bool IsKept(std::span<const pollfd> fds);
  void Keep();
  int Wait(std::span<pollfd> fds, int timeout_ms);

  std::vector<pollfd> last_;  // what was polled, `revents` aside
  int times_ = 0;             // in a row
  UniqueFd epoll_;            // of `last_`, where it is open
};

}  // namespace gatehouse
