// SPDX-License-Identifier: Apache-2.0
#include "cli/plain_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "proxy/fd.h"

namespace gatehouse::cli {
namespace {

Error Unreadable(int number) {
  const bool missing = number == ENOENT || number == ENOTDIR;
  return {missing ? ErrorCode::kNotFound : ErrorCode::kPermission,
          std::string("cannot be read: ") + std::strerror(number)};
}

// What KUBECONFIG names where there shall be none.
bool IsNull(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

}  // namespace

Result<std::string> ReadPlainFile(int fd) {
  struct stat status {};
  if (fstat(fd, &status) != 0) return Unreadable(errno);
  if (IsNull(status)) return std::string();
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::kPermission, "is no plain file"};
  }
  std::string text;
  std::array<char, 65536> block;
  while (text.size() <= kMostPlainBytes) {
    const ssize_t got = read(fd, block.data(), block.size());
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable(errno);
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  return Error{ErrorCode::kPermission, "is too large (more than 4 MiB)"};
}

// Without O_NONBLOCK, opening a pipe waits for whoever writes it.
Result<std::string> ReadPlainFile(const std::string& path) {
  const UniqueFd fd(
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.open()) return Unreadable(errno);
  return ReadPlainFile(fd.get());
}

}  // namespace gatehouse::cli
