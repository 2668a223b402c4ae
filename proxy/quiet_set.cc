// SPDX-License-Identifier: Apache-2.0
#include "proxy/quiet_set.h"

#include <sys/epoll.h>

#include <algorithm>

namespace gatehouse {

int QuietSet::Watch(std::span<const pollfd> fds) {
  const bool same = std::ranges::equal(fds, watched_, {}, &pollfd::fd);
  if (same) return epoll_.get();
  watched_.clear();
  for (const pollfd& fd : fds) watched_.push_back(fd.fd);
  // Made anew: what was closed here may live on in another process, and would
  // go on telling.
  epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
  const bool all = std::ranges::all_of(
      fds, [this](const pollfd& fd) { return fd.fd < 0 || Add(fd); });
  if (!all) epoll_.Close();
  return epoll_.get();
}

bool QuietSet::Add(const pollfd& fd) const {
  epoll_event event = {};
  event.events = (fd.events & POLLIN) != 0 ? EPOLLIN : 0U;  // and errors
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.fd, &event) == 0;
}

}  // namespace gatehouse
