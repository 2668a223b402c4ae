// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_space.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

namespace gatehouse::audit {
namespace {

constexpr std::uint64_t kMebibyte = 1u << 20;
constexpr std::uint64_t kAmple = 1024 * kMebibyte;

struct Room {
  std::uint64_t free = 0;
  std::uint64_t total = 0;
};

// What an ordinary user may still write.
std::optional<Room> Look(const std::string& beside) {
  const std::string folder = std::filesystem::path(beside).parent_path();
  struct statvfs system {};
  if (statvfs(folder.c_str(), &system) != 0) return std::nullopt;
  return Room{system.f_bavail * system.f_frsize,
              system.f_blocks * system.f_frsize};
}

}  // namespace

bool TrailSpace::HasBallast() const {
  struct stat info {};
  return stat(ballast_.c_str(), &info) == 0 &&
         info.st_size == static_cast<off_t>(kBallastBytes);
}

bool TrailSpace::MakeBallast() const {
  if (HasBallast()) return true;
  const std::optional<Room> room = Look(ballast_);
  if (!room || room->free < 2 * kBallastBytes) return false;
  const int fd = open(ballast_.c_str(),
                      O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return false;
  // Blocks, and not a hole: a hole takes no room and so gives none back.
  const bool made = posix_fallocate(fd, 0, kBallastBytes) == 0;
  close(fd);
  if (!made) unlink(ballast_.c_str());
  return made;
}

bool TrailSpace::FreeBallast() const {
  return HasBallast() && unlink(ballast_.c_str()) == 0;
}

bool TrailSpace::IsLow() const {
  const std::optional<Room> room = Look(ballast_);
  return room && room->free < kAmple && room->free < room->total / 10;
}

std::string TrailSpace::Describe() const {
  const std::optional<Room> room = Look(ballast_);
  if (!room) return "the room on its disk is not known";
  return std::to_string(room->free / kMebibyte) + " MiB are free";
}

}  // namespace gatehouse::audit
