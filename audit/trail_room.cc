// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_room.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "audit/sqlite_trail.h"
#include "audit/utc_time.h"

namespace gatehouse::audit {
namespace {

constexpr std::uint64_t kMebibyte = 1u << 20;
// A tenth of a big disk is no reason to warn.
constexpr std::uint64_t kAmple = 1024 * kMebibyte;

struct Room {
  std::uint64_t free = 0;  // what an ordinary user may still write
  std::uint64_t total = 0;
};

// Nothing where it cannot be told.
std::optional<Room> RoomBeside(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  struct statvfs system {};
  if (statvfs(folder.c_str(), &system) != 0) return std::nullopt;
  return Room{system.f_bavail * system.f_frsize,
              system.f_blocks * system.f_frsize};
}

bool IsDiskLow(const std::string& path) {
  const std::optional<Room> room = RoomBeside(path);
  return room && room->free < kAmple && room->free < room->total / 10;
}

}  // namespace

Record SinkEvent(const Record& self, std::string event, std::string detail) {
  Record record = self;
  record.stage = Stage::kEvent;
  record.time_ns = NowNanoseconds();
  record.event = std::move(event);
  record.detail = std::move(detail);
  return record;
}

TrailRoom::TrailRoom(std::string ballast, const SinkOptions& options)
    : ballast_(std::move(ballast)), options_(options) {}

std::uint64_t TrailRoom::OrdinaryBytes() const {
  return options_.max_bytes - std::min(kBallastBytes, options_.max_bytes / 8);
}

bool TrailRoom::HasBallast() const {
  struct stat info {};
  return stat(ballast_.c_str(), &info) == 0 &&
         info.st_size == static_cast<off_t>(kBallastBytes);
}

// Only where twice its size is free: else it would fill the disk by itself.
bool TrailRoom::MakeBallast() const {
  if (HasBallast()) return true;
  const std::optional<Room> room = RoomBeside(ballast_);
  if (!IsGuard() || !room || room->free < 2 * kBallastBytes) return false;
  // A pipe that stands there is not waited for.
  const int fd =
      open(ballast_.c_str(),
           O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (fd < 0) return false;
  // Blocks, and not a hole: a hole takes no room and so gives none back.
  const bool made = posix_fallocate(fd, 0, kBallastBytes) == 0;
  close(fd);
  if (!made) unlink(ballast_.c_str());
  return made;
}

bool TrailRoom::FreeBallast() const {
  return HasBallast() && unlink(ballast_.c_str()) == 0;
}

// Pages that were freed count as room.
bool TrailRoom::IsQuotaLow(Database& database) const {
  if (options_.max_bytes == 0) return false;
  const Result<std::uint64_t> used = UsedBytes(database);
  return used.ok() && used.value() > OrdinaryBytes() / 10 * 9;
}

void TrailRoom::LimitTo(Database& database, std::uint64_t bytes) const {
  if (options_.max_bytes != 0) (void)SetSizeLimit(database, bytes);
}

void TrailRoom::Notice(std::string event, std::string detail) {
  if (!IsGuard()) return;
  if (options_.warn) options_.warn("the audit trail: " + detail);
  notices_.push_back(
      SinkEvent(options_.self, std::move(event), std::move(detail)));
}

std::string TrailRoom::Describe() const {
  std::string text;
  if (options_.max_bytes != 0) {
    text = "its quota is " + std::to_string(options_.max_bytes / kMebibyte) +
           " MiB, and ";
  }
  const std::optional<Room> room = RoomBeside(ballast_);
  if (!room) return text + "the room on its disk is not known";
  return text + std::to_string(room->free / kMebibyte) +
         " MiB are free on its disk";
}

void TrailRoom::Look(Database& database) {
  last_look_ = Clock::now();
  full_ = false;
  had_ballast_ = MakeBallast();
  const bool low = IsDiskLow(ballast_) || IsQuotaLow(database);
  if (low && !low_) Notice("storage low", "room is short: " + Describe());
  low_ = low;
}

void TrailRoom::LookAgain(Database& database) {
  const Clock::time_point now = Clock::now();
  // Another guard may have given it up.
  if (had_ballast_ && now - last_ballast_look_ >= options_.look_every / 10) {
    last_ballast_look_ = now;
    full_ = full_ || !HasBallast();
  }
  if (now - last_look_ < options_.look_every) return;
  if (!full_) return Look(database);
  last_look_ = Clock::now();
  const bool was_disk = had_ballast_ && !HasBallast();
  if ((was_disk && !MakeBallast()) || IsQuotaLow(database)) return;
  full_ = false;
  LimitTo(database, OrdinaryBytes());
  Notice("storage free", "there is room again: " + Describe());
}

bool TrailRoom::UseReserve(Database& database) {
  if (full_) return false;
  const std::optional<Room> room = RoomBeside(ballast_);
  const bool is_quota =
      options_.max_bytes != 0 && room && room->free > kMebibyte;
  if (!is_quota && !FreeBallast()) return false;
  if (is_quota) LimitTo(database, options_.max_bytes);
  full_ = true;
  return true;
}

void TrailRoom::ReserveWasTooSmall(Database& database) {
  LimitTo(database, OrdinaryBytes());
  full_ = had_ballast_ && !MakeBallast();
}

Record TrailRoom::FullRecord() const {
  const std::string detail =
      "the room is used up, calls are refused: " + Describe();
  if (options_.warn) options_.warn("the audit trail: " + detail);
  return SinkEvent(options_.self, "storage full", detail);
}

}  // namespace gatehouse::audit
