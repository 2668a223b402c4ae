// SPDX-License-Identifier: Apache-2.0
#include "cli/file_stamp.h"

#include <sys/stat.h>

#include <algorithm>

namespace gatehouse::cli {
namespace {

// A kernel tick is at most 10 ms.
constexpr std::int64_t kTickNs = 20'000'000;

std::int64_t Nanoseconds(const struct timespec& time) {
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

FileStamp StampOf(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return {};
  return {Nanoseconds(status.st_mtim), Nanoseconds(status.st_ctim),
          status.st_ino, status.st_size};
}

std::vector<FileStamp> StampsOf(const std::vector<std::string>& paths) {
  std::vector<FileStamp> stamps;
  stamps.reserve(paths.size());
  for (const std::string& path : paths) stamps.push_back(StampOf(path));
  return stamps;
}

bool MayChangeUnseen(const std::vector<FileStamp>& stamps,
                     std::chrono::system_clock::time_point now) {
  const std::int64_t now_ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(
          now.time_since_epoch())
          .count();
  return std::any_of(stamps.begin(), stamps.end(), [&](const FileStamp& stamp) {
    return stamp.size >= 0 && stamp.changed_ns > now_ns - kTickNs;
  });
}

}  // namespace gatehouse::cli
