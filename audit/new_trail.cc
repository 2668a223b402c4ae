// SPDX-License-Identifier: Apache-2.0
#include "audit/new_trail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string_view>

#include "audit/record.h"
#include "audit/trail_files.h"
#include "audit/trail_image.h"
#include "audit/utc_time.h"

namespace gatehouse::audit {
namespace {

Status WriteToDisk(const std::string& path, std::string_view bytes) {
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
           S_IRUSR | S_IWUSR);
  if (fd < 0) return SystemError("make", path);
  const bool whole = WriteAll(fd, bytes) && fdatasync(fd) == 0;
  const Status written =
      whole ? Status(Done{}) : Status(SystemError("write", path));
  close(fd);
  return written;
}

// What SQLite kept beside a database that was here before would be taken for
// the new one's. A guard that still has that database open has these files,
// too, and does not need their names.
Status RemoveOldLogs(const std::string& path) {
  for (const char* extension : {"-wal", "-shm", "-journal"}) {
    const std::string old = path + extension;
    if (unlink(old.c_str()) != 0 && errno != ENOENT) {
      return SystemError("remove", old);
    }
  }
  return Done{};
}

}  // namespace

Status FillNewTrail(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return SystemError("look at", path);
  if (info.st_size != 0) return Done{};
  Status made = RemoveOldLogs(path);
  if (!made.ok()) return made;
  const std::int64_t now_ms = NowNanoseconds() / 1'000'000;
  const std::string image = TrailImage(NewUuidV7(now_ms));
  const std::string draft = path + ".new";
  unlink(draft.c_str());  // of a start that did not get further
  made = WriteToDisk(draft, image);
  if (made.ok() && rename(draft.c_str(), path.c_str()) != 0) {
    made = SystemError("make", path);
  }
  if (!made.ok()) unlink(draft.c_str());
  return made;
}

}  // namespace gatehouse::audit
