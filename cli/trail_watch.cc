// SPDX-License-Identifier: Apache-2.0
#include "cli/trail_watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <utility>

#include "audit/trail_files.h"

namespace gatehouse::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kChanges = IN_MODIFY | IN_CREATE | IN_MOVED_TO;

// The last one is for file systems that tell nothing.
constexpr std::array<milliseconds, 4> kSteps = {
    milliseconds(2), milliseconds(20), milliseconds(200), milliseconds(5000)};

Result<UniqueFd> WatchFolder(const std::string& database) {
  const std::filesystem::path path = audit::FindTrailFiles(database).database;
  UniqueFd changes(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!changes.open()) return SystemError("inotify", errno);
  const std::string folder = path.parent_path();
  if (inotify_add_watch(changes.get(), folder.c_str(), kChanges) < 0) {
    return SystemError("watch " + folder, errno);
  }
  return changes;
}

Result<UniqueFd> CatchSignals() {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  UniqueFd signals(signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals.open()) return SystemError("signalfd", errno);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  signal(SIGPIPE, SIG_IGN);  // poll tells of a reader that is gone
  return signals;
}

}  // namespace

TrailWatch::TrailWatch(UniqueFd changes, UniqueFd signals)
    : changes_(std::move(changes)), signals_(std::move(signals)) {}

Result<TrailWatch> TrailWatch::Open(const std::string& database) {
  Result<UniqueFd> changes = WatchFolder(database);
  if (!changes.ok()) return changes.error();
  Result<UniqueFd> signals = CatchSignals();
  if (!signals.ok()) return signals.error();
  return TrailWatch(std::move(changes).value(), std::move(signals).value());
}

TrailWatch::Woken TrailWatch::Wait(milliseconds limit) {
  // Of standard output only the end is of interest, which poll always tells.
  std::array<pollfd, 3> watched = {{{changes_.get(), POLLIN, 0},
                                    {signals_.get(), POLLIN, 0},
                                    {STDOUT_FILENO, 0, 0}}};
  const int ready =
      poll(watched.data(), watched.size(), static_cast<int>(limit.count()));
  if (ready < 0) return errno == EINTR ? Woken::kTime : Woken::kEnd;
  if (watched[1].revents != 0) return Woken::kEnd;
  if ((watched[2].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) {
    return Woken::kEnd;
  }
  if (watched[0].revents == 0) return Woken::kTime;
  std::array<char, 4096> told;
  while (read(changes_.get(), told.data(), told.size()) > 0) {
  }
  return Woken::kChange;
}

milliseconds Patience::Next() {
  const milliseconds next = kSteps[step_];
  if (step_ + 1 < kSteps.size()) ++step_;
  return next;
}

}  // namespace gatehouse::cli
