// SPDX-License-Identifier: Apache-2.0
#include "audit/new_trail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string_view>

#include "audit/head_file.h"
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
  Status written = whole ? Status(Done{}) : Status(SystemError("write", path));
  close(fd);
  return written;
}

using Sentences = std::vector<std::string>;

Status SetAside(const std::string& path, const std::string& to,
                std::string_view what, Sentences& said) {
  if (rename(path.c_str(), to.c_str()) != 0) return SystemError("rename", path);
  said.push_back("a new audit trail begins; the " + std::string(what) +
                 " of the one that was here before is kept as " + to);
  return Done{};
}

Status Remove(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return Done{};
  return SystemError("remove", path);
}

// What SQLite kept beside a database that was here before would be taken for
// the new one's. A guard that still has that database open has these files,
// too, and does not need their names.
Status ClearOldLogs(const std::string& path, std::int64_t now_ms,
                    Sentences& said) {
  const std::string log = path + "-wal";
  struct stat info {};
  const bool holds_records = stat(log.c_str(), &info) == 0 && info.st_size > 0;
  Status cleared =
      holds_records
          ? SetAside(log, log + "." + std::to_string(now_ms), "log", said)
          : Remove(log);
  if (!cleared.ok()) return cleared;
  const Status removed = Remove(path + "-shm");
  return removed.ok() ? Remove(path + "-journal") : removed;
}

bool IsUuid(std::string_view text) {
  return text.size() == kNoChain.size() &&
         text.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

// Beside the new trail it would say that records are missing there. What is no
// head stays: it is for a person to look at.
Status ClearOldHead(const std::string& path, Sentences& said) {
  const std::string file = FindTrailFiles(path).head;
  const auto head = ReadHeadFile(file);
  if (!head.ok() || !head.value() || !IsUuid(head.value()->chain)) {
    return Done{};
  }
  return SetAside(file, file + "." + head.value()->chain, "head", said);
}

Status WriteTrail(const std::string& path, std::int64_t now_ms) {
  const std::string image = TrailImage(NewUuidV7(now_ms));
  const std::string draft = path + ".new";
  unlink(draft.c_str());  // of a start that did not get further
  Status made = WriteToDisk(draft, image);
  if (made.ok() && rename(draft.c_str(), path.c_str()) != 0) {
    made = SystemError("make", path);
  }
  if (!made.ok()) unlink(draft.c_str());
  return made;
}

}  // namespace

Result<Sentences> FillNewTrail(const std::string& path) {
  Sentences said;
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return SystemError("look at", path);
  if (info.st_size != 0) return said;
  const std::int64_t now_ms = NowNanoseconds() / 1'000'000;
  Status made = ClearOldLogs(path, now_ms, said);
  if (made.ok()) made = ClearOldHead(path, said);
  if (made.ok()) made = WriteTrail(path, now_ms);
  if (!made.ok()) return made.error();
  return said;
}

}  // namespace gatehouse::audit
