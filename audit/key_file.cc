// SPDX-License-Identifier: Apache-2.0
#include "audit/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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

Status WriteNewFile(const std::string& path, std::string_view bytes) {
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return SystemError("make", path);
  const bool whole = WriteAll(fd, bytes) && fsync(fd) == 0;
  const Status written =
      whole ? Status(Done{}) : Status(SystemError("write", path));
  close(fd);
  return written;
}

// Written whole under another name, then linked: whoever finds the key finds
// all of it, and the first of two processes wins.
Status MakeKey(const std::string& path) {
  const std::string draft = path + "." + Hex(RandomBytes(8));
  const Status written = WriteNewFile(draft, RandomBytes(kKeyBytes));
  const bool linked = written.ok() && link(draft.c_str(), path.c_str()) == 0;
  const bool there = linked || errno == EEXIST;
  const Error error = there ? Error{} : SystemError("make", path);
  unlink(draft.c_str());
  if (!written.ok()) return written;
  if (!there) return error;
  return Done{};
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
