// SPDX-License-Identifier: Apache-2.0
#include "cli/file_watch.h"

#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE;
constexpr int kMaxLinks = 16;
constexpr std::chrono::milliseconds kLookEvery{100};

}  // namespace

FileWatch::FileWatch(std::vector<std::string> paths)
    : paths_(std::move(paths)), fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  Watch();
}

void FileWatch::Watch() {
  if (!fd_.open()) return;
  for (const std::string& path : paths_) {
    std::error_code error;
    fs::path at = fs::absolute(path, error);
    // Each link of a chain may be the one that is replaced.
    for (int links = 0; links < kMaxLinks; ++links) {
      inotify_add_watch(fd_.get(), at.parent_path().c_str(), kEvents);
      const fs::path target = fs::read_symlink(at, error);
      if (error) break;
      at = (at.parent_path() / target).lexically_normal();
    }
  }
}

void FileWatch::Add(const std::vector<std::string>& paths) {
  const std::size_t before = paths_.size();
  for (const std::string& path : paths) {
    if (std::ranges::count(paths_, path) == 0) paths_.push_back(path);
  }
  if (paths_.size() > before) Watch();
}

bool FileWatch::HasNews() const {
  if (batch_ == Batch::kNoNews) return false;
  int bytes = 0;
  if (ioctl(fd_.get(), FIONREAD, &bytes) == 0 && bytes > 0) return true;
  if (batch_ == Batch::kUnasked) batch_ = Batch::kNoNews;
  return false;
}

void FileWatch::Rearm() {
  alignas(inotify_event) std::array<char, 4096> events;
  while (read(fd_.get(), events.data(), events.size()) > 0) {
  }
  ++told_;
  Watch();
}

bool FilePace::IsDue(std::chrono::steady_clock::time_point now) {
  const bool blind = watch_ == nullptr || watch_->fd() < 0;
  if (!blind && now < next_ && watch_->told() == told_ && !watch_->HasNews()) {
    return false;
  }
  told_ = blind ? 0 : watch_->told();
  next_ = now + kLookEvery;
  return true;
}

}  // namespace gatehouse::cli
