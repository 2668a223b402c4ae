// SPDX-License-Identifier: Apache-2.0
#include "tests/support/seen_syncs.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace gatehouse::testing {
namespace {

std::atomic<SeenSyncs*> active = nullptr;

int OfTheSystem(int fd) { return static_cast<int>(syscall(SYS_fsync, fd)); }

}  // namespace

SeenSyncs::SeenSyncs(Instead instead) : instead_(std::move(instead)) {
  active = this;
}

SeenSyncs::~SeenSyncs() { active = nullptr; }

bool SeenSyncs::Has(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::count(paths_, path) != 0;
}

int SeenSyncs::Sync(int fd) {
  std::error_code none;
  const std::string path = std::filesystem::read_symlink(
      "/proc/self/fd/" + std::to_string(fd), none);
  {
    const std::lock_guard lock(mutex_);
    paths_.push_back(path);
  }
  if (!instead_) return OfTheSystem(fd);
  errno = instead_(path);
  return errno == 0 ? 0 : -1;
}

}  // namespace gatehouse::testing

extern "C" int fsync(int fd) {
  using gatehouse::testing::active;
  gatehouse::testing::SeenSyncs* const seen = active;
  return seen == nullptr ? gatehouse::testing::OfTheSystem(fd) : seen->Sync(fd);
}
