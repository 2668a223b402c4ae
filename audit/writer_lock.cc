// SPDX-License-Identifier: Apache-2.0
#include "audit/writer_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

// flock has no time limit of its own, so a contended lock is polled. A commit
// holds it for 10 us to a few ms.
constexpr microseconds kFirstPause{50};
constexpr microseconds kLongestPause{1000};

constexpr std::int64_t kDoor = 0;

struct flock Byte(std::int64_t at, short type) {
  struct flock byte {};
  byte.l_type = type;
  byte.l_whence = SEEK_SET;
  byte.l_start = at;
  byte.l_len = 1;
  return byte;
}

// Of the open file and not of the process, as flock is.
bool SetByte(int fd, std::int64_t at, short type) {
  struct flock byte = Byte(at, type);
  return fcntl(fd, F_OFD_SETLK, &byte) == 0;
}

}  // namespace

WriterLock::WriterLock(std::string path, std::stop_token stop)
    : path_(std::move(path)), stop_(std::move(stop)) {}

WriterLock::~WriterLock() { Close(); }

Status WriterLock::Open() {
  if (fd_ >= 0) return Done{};
  fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ < 0) return SystemError("open the lock", path_);
  struct stat ours {};
  if (fstat(fd_, &ours) != 0) return SystemError("look at", path_);
  file_ = {ours.st_dev, ours.st_ino};
  // Where the file was replaced: a guard that opens the new one in between may
  // take us for gone. Nothing worse follows than one `unknown` too many.
  if (slot_) SetByte(fd_, *slot_, F_WRLCK);
  return Done{};
}

void WriterLock::Close() {
  if (fd_ >= 0) close(fd_);  // and with it the lock
  fd_ = -1;
  held_ = false;
  at_door_ = false;
  name_.Forget();
}

// A lock that comes free is theirs.
bool WriterLock::OthersWait() const {
  struct flock byte = Byte(kDoor, F_WRLCK);
  return fcntl(fd_, F_OFD_GETLK, &byte) == 0 && byte.l_type != F_UNLCK;
}

bool WriterLock::TryDoor() {
  if (!at_door_) at_door_ = SetByte(fd_, kDoor, F_WRLCK);
  return at_door_;
}

void WriterLock::LeaveDoor() {
  if (at_door_) SetByte(fd_, kDoor, F_UNLCK);
  at_door_ = false;
}

// A lock file that was removed or replaced would let two guards in at once.
bool WriterLock::IsStillThere() {
  if (name_.IsUnchanged(fd_)) return true;
  if (IdentityOf(path_) != file_) return false;
  name_.Note(fd_);
  return true;
}

// Who finds it free and nobody waiting need not stand at the door.
Result<bool> WriterLock::TryOnce(Turn turn) {
  const Status opened = Open();
  if (!opened.ok()) return opened.error();
  if (turn == Turn::kWaited && !TryDoor()) return false;
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK || errno == EINTR) return false;
    return SystemError("lock", path_);
  }
  if (!at_door_ && OthersWait()) {
    flock(fd_, LOCK_UN);
    return false;
  }
  if (IsStillThere()) return true;
  Close();
  return false;
}

Status WriterLock::Acquire(std::chrono::milliseconds patience) {
  if (held_) return Done{};
  const Clock::time_point deadline = Clock::now() + patience;
  microseconds pause = kFirstPause;
  for (Turn turn = Turn::kFirst;; turn = Turn::kWaited) {
    const Result<bool> tried = TryOnce(turn);
    held_ = tried.ok() && tried.value();
    const bool late = Clock::now() >= deadline || stop_.stop_requested();
    if (held_ || late || !tried.ok()) LeaveDoor();
    if (!tried.ok()) return tried.error();
    if (held_) return Done{};
    if (late) break;
    // The one at the door is next: it looks often, the others seldom.
    pause = at_door_ ? kFirstPause : std::min(pause * 2, kLongestPause);
    std::this_thread::sleep_for(pause);
  }
  return Error{ErrorCode::kBusy,
               "another guard holds " + path_ + " for too long"};
}

Result<bool> WriterLock::KeepSlot(std::int64_t slot) {
  const Status opened = Open();
  if (!opened.ok()) return opened.error();
  if (!SetByte(fd_, slot, F_WRLCK)) return false;
  slot_ = slot;
  return true;
}

Result<std::int64_t> WriterLock::KeepSlotFrom(std::int64_t lowest) {
  for (std::int64_t slot = lowest;; ++slot) {
    const Result<bool> kept = KeepSlot(slot);
    if (!kept.ok()) return kept.error();
    if (kept.value()) return slot;
  }
}

bool WriterLock::IsSlotKept(std::int64_t slot) {
  struct flock byte = Byte(slot, F_WRLCK);
  if (!Open().ok() || fcntl(fd_, F_OFD_GETLK, &byte) != 0) return true;
  return byte.l_type != F_UNLCK;
}

void WriterLock::Release() {
  if (!held_) return;
  flock(fd_, LOCK_UN);
  held_ = false;
}

}  // namespace gatehouse::audit
