// SPDX-License-Identifier: Apache-2.0
#include "audit/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>

#include "audit/digest.h"
#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kKeyBytes = 32;

Error BadKey(const std::string& path, std::string_view why) {
  return {ErrorCode::kCorrupt, path + " " + std::string(why)};
}

// One byte more than a key, to see a longer file.
Result<std::string> ReadOpenKey(int fd, const std::string& path) {
  struct stat info {};
  if (fstat(fd, &info) != 0) return SystemError("look at", path);
  if (!S_ISREG(info.st_mode)) return BadKey(path, "is no plain file");
  if ((info.st_mode & 077) != 0 && fchmod(fd, 0600) != 0) {
    return SystemError("narrow the mode of", path);
  }
  std::string key(kKeyBytes + 1, '\0');
  const ssize_t got = read(fd, key.data(), key.size());
  if (got < 0) return SystemError("read", path);
  if (got != static_cast<ssize_t>(kKeyBytes)) {
    return BadKey(path, "does not hold 32 bytes; it is no digest key");
  }
  return key.substr(0, kKeyBytes);
}

Result<std::string> ReadKey(const std::string& path) {
  // Without O_NONBLOCK, opening a pipe waits for whoever writes it.
  const int fd =
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return SystemError("open the key", path);
  Result<std::string> key = ReadOpenKey(fd, path);
  close(fd);
  return key;
}

Status FillKey(int fd, const std::string& path) {
  const bool whole = WriteAll(fd, RandomBytes(kKeyBytes)) && fsync(fd) == 0;
  return whole ? Status(Done{}) : Status(SystemError("write", path));
}

// The first of two processes wins, and both are content.
Status NameKey(const std::string& draft, const std::string& path, int flags) {
  if (linkat(AT_FDCWD, draft.c_str(), AT_FDCWD, path.c_str(), flags) == 0 ||
      errno == EEXIST) {
    return Done{};
  }
  return SystemError("make", path);
}

// Of a process that is ended meanwhile nothing stays: the file has no name
// before it is whole.
Status MakeUnnamedKey(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  const int fd =
      open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return SystemError("make", path);
  Status made = FillKey(fd, path);
  if (made.ok()) {
    made =
        NameKey("/proc/self/fd/" + std::to_string(fd), path, AT_SYMLINK_FOLLOW);
  }
  close(fd);
  return made;
}

// Written under another name, where the file system has no files without one.
Status MakeKeyFromDraft(const std::string& path) {
  const std::string draft = path + "." + Hex(RandomBytes(8));
  const int fd =
      open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return SystemError("make", draft);
  Status made = FillKey(fd, draft);
  if (made.ok()) made = NameKey(draft, path, 0);
  unlink(draft.c_str());
  close(fd);
  return made;
}

// Whoever finds the key finds all of it.
Status MakeKey(const std::string& path) {
  return MakeUnnamedKey(path).ok() ? Status(Done{}) : MakeKeyFromDraft(path);
}

}  // namespace

Result<std::string> ReadKeyFile(const std::string& database) {
  const Result<TrailFiles> files = PrepareTrailFiles(database);
  if (!files.ok()) return files.error();
  return ReadKey(files.value().key);
}

Result<std::string> OpenKeyFile(const std::string& database) {
  Result<std::string> key = ReadKeyFile(database);
  if (key.ok() || key.error().code != ErrorCode::kNotFound) return key;
  const Result<TrailFiles> files = PrepareTrailFiles(database);
  if (!files.ok()) return files.error();
  const Status made = MakeKey(files.value().key);
  if (!made.ok()) return made.error();
  return ReadKey(files.value().key);
}

}  // namespace gatehouse::audit
