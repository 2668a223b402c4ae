// SPDX-License-Identifier: Apache-2.0
#include "proxy/poll_set.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>

namespace gatehouse {
namespace {

// To have them kept costs as much as some polls, and what is asked for may
// change at each wake-up while a side is full.
constexpr int kOftenEnough = 4;
constexpr std::size_t kMostEvents = 16;

static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT && EPOLLERR == POLLERR &&
              EPOLLHUP == POLLHUP);

}  // namespace

int PollSet::Poll(std::span<pollfd> fds, int timeout_ms) {
  return IsKept(fds) ? Wait(fds, timeout_ms)
                     : poll(fds.data(), fds.size(), timeout_ms);
}

bool PollSet::IsKept(std::span<const pollfd> fds) {
  const bool same =
      std::ranges::equal(fds, last_, [](const pollfd& now, const pollfd& then) {
        return now.fd == then.fd && now.events == then.events;
      });
  if (!same) {
    last_.assign(fds.begin(), fds.end());
    times_ = 0;
    epoll_.Close();
  }
  if (times_ <= kOftenEnough && ++times_ > kOftenEnough) Keep();
  return epoll_.open();
}

// Made anew each time: what was closed here may live on in another process,
// and would go on telling.
void PollSet::Keep() {
  epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
  for (std::size_t i = 0; i < last_.size(); ++i) {
    if (last_[i].fd < 0) continue;
    epoll_event event = {};
    event.events = static_cast<std::uint32_t>(last_[i].events);
    event.data.u64 = i;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, last_[i].fd, &event) != 0) {
      epoll_.Close();
      return;
    }
  }
}

int PollSet::Wait(std::span<pollfd> fds, int timeout_ms) {
  std::array<epoll_event, kMostEvents> events;
  const int count =
      epoll_wait(epoll_.get(), events.data(), kMostEvents, timeout_ms);
  if (count < 0) return count;
  for (pollfd& fd : fds) fd.revents = 0;
  for (const epoll_event& event :
       std::span(events).first(static_cast<std::size_t>(count))) {
    fds[event.data.u64].revents = static_cast<short>(event.events);
  }
  return count;
}

}  // namespace gatehouse
