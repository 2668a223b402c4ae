// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_log_file.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <string>
#include <string_view>

namespace gatehouse::audit {
namespace {

constexpr const char* kName = "gatehouse-joined-log";
// Of SQLite's file format: a frame's header, and where in it the size of the
// database stands, which is zero but in frames that commit.
constexpr int kFrameHeader = 24;
constexpr std::size_t kSizeAt = 4;
constexpr std::size_t kSizeBytes = 4;
constexpr std::string_view kNoSize("\0\0\0", kSizeBytes);
constexpr sqlite3_int64 kNowhere = -1;
// A bigger transaction is written in pieces of this size.
constexpr std::size_t kMostHeld = std::size_t{64} << 10;
// What a file of the file system below may need.
constexpr int kBelowBytes = 512;

std::size_t Size(int bytes) { return static_cast<std::size_t>(bytes); }

// Where a write may harm what stands beside it, SQLite cuts its frames at the
// borders of sectors, and the pieces would be taken for what they are not.
bool TakesWholeFrames(sqlite3_file* log) {
  const int promises = log->pMethods->xDeviceCharacteristics(log);
  return (promises & SQLITE_IOCAP_POWERSAFE_OVERWRITE) != 0;
}

// What SQLite has written and the file has not got yet.
class HeldFrames {
 public:
  explicit HeldFrames(sqlite3_file* log)
      : log_(log), joins_(TakesWholeFrames(log)) {}

  int Write(std::string_view piece, sqlite3_int64 at) {
    if (!joins_) return Put(piece, at);
    if (piece.size() == kFrameHeader) return WriteHeader(piece, at);
    if (at == page_at_) return WritePage(piece, at);
    // A log that begins anew, or a page of the transaction that it writes once
    // more where it stands.
    rewrites_ = at != 0;
    has_committed_ = false;
    return WriteThrough(piece, at);
  }

  int Flush() {
    if (held_.empty()) return SQLITE_OK;
    const int result = Put(held_, at_);
    held_.clear();
    return result;
  }

 private:
  sqlite3_int64 End() const {
    return at_ + static_cast<sqlite3_int64>(held_.size());
  }

  // Such a transaction also writes the headers after that page once more, when
  // it has committed; no page follows those, so they must not wait for one.
  bool IsRewrite(sqlite3_int64 at) {
    if (has_committed_ && at >= written_to_) rewrites_ = false;
    return rewrites_ && at < written_to_;
  }

  int WriteHeader(std::string_view header, sqlite3_int64 at) {
    commits_ = header.substr(kSizeAt, kSizeBytes) != kNoSize;
    page_at_ = at + kFrameHeader;
    if (IsRewrite(at)) return WriteThrough(header, at);
    if (at != End() || held_.size() >= kMostHeld) {
      const int flushed = Flush();
      if (flushed != SQLITE_OK) return flushed;
    }
    if (held_.empty()) at_ = at;
    held_.append(header);
    return SQLITE_OK;
  }

  int WritePage(std::string_view page, sqlite3_int64 at) {
    page_at_ = kNowhere;
    has_committed_ = has_committed_ || commits_;
    if (held_.empty() || at != End()) return WriteThrough(page, at);
    held_.append(page);
    return commits_ ? Flush() : SQLITE_OK;
  }

  int WriteThrough(std::string_view piece, sqlite3_int64 at) {
    const int flushed = Flush();
    if (flushed != SQLITE_OK) return flushed;
    return Put(piece, at);
  }

  int Put(std::string_view bytes, sqlite3_int64 at) {
    const int result = log_->pMethods->xWrite(
        log_, bytes.data(), static_cast<int>(bytes.size()), at);
    const auto end = at + static_cast<sqlite3_int64>(bytes.size());
    written_to_ = at == 0 ? end : std::max(written_to_, end);
    return result;
  }

  sqlite3_file* log_;
  bool joins_;
  std::string held_;
  sqlite3_int64 at_ = 0;              // where `held_` belongs
  sqlite3_int64 page_at_ = kNowhere;  // of the last header
  bool commits_ = false;              // the last header
  bool rewrites_ = false;
  bool has_committed_ = false;  // since
  sqlite3_int64 written_to_ = 0;
};

// The file below follows it in the memory that SQLite gives.
struct LogFile {
  sqlite3_file base;
  sqlite3_file* below;
  HeldFrames held;
};

LogFile& Log(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }
sqlite3_file* Below(sqlite3_file* file) { return Log(file).below; }

// What is held now was never committed.
int Close(sqlite3_file* file) {
  const int closed = Below(file)->pMethods->xClose(Below(file));
  Log(file).held.~HeldFrames();
  return closed;
}

int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  try {
    return Log(file).held.Write({static_cast<const char*>(from), Size(size)},
                                at);
  } catch (const std::bad_alloc&) {
    return SQLITE_IOERR_NOMEM;
  }
}

// Writes what is held and then asks the file below.
template <typename Ask>
int AfterFlush(sqlite3_file* file, const Ask& ask) {
  const int flushed = Log(file).held.Flush();
  if (flushed != SQLITE_OK) return flushed;
  return ask(Below(file)->pMethods, Below(file));
}

int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return AfterFlush(file, [&](const sqlite3_io_methods* methods, auto* below) {
    return methods->xRead(below, to, size, at);
  });
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return AfterFlush(file, [&](const sqlite3_io_methods* methods, auto* below) {
    return methods->xTruncate(below, size);
  });
}

int Sync(sqlite3_file* file, int flags) {
  return AfterFlush(file, [&](const sqlite3_io_methods* methods, auto* below) {
    return methods->xSync(below, flags);
  });
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return AfterFlush(file, [&](const sqlite3_io_methods* methods, auto* below) {
    return methods->xFileSize(below, size);
  });
}

int Lock(sqlite3_file* file, int level) {
  return Below(file)->pMethods->xLock(Below(file), level);
}

int Unlock(sqlite3_file* file, int level) {
  return Below(file)->pMethods->xUnlock(Below(file), level);
}

int CheckReservedLock(sqlite3_file* file, int* held) {
  return Below(file)->pMethods->xCheckReservedLock(Below(file), held);
}

int FileControl(sqlite3_file* file, int what, void* argument) {
  return Below(file)->pMethods->xFileControl(Below(file), what, argument);
}

int SectorSize(sqlite3_file* file) {
  return Below(file)->pMethods->xSectorSize(Below(file));
}

int Characteristics(sqlite3_file* file) {
  return Below(file)->pMethods->xDeviceCharacteristics(Below(file));
}

// Version 1: of shared memory a log has none.
const sqlite3_io_methods kMethods = {1,
                                     Close,
                                     Read,
                                     Write,
                                     Truncate,
                                     Sync,
                                     FileSize,
                                     Lock,
                                     Unlock,
                                     CheckReservedLock,
                                     FileControl,
                                     SectorSize,
                                     Characteristics,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr};

sqlite3_vfs* Default() { return sqlite3_vfs_find(nullptr); }

int Open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags,
         int* out) {
  file->pMethods = nullptr;
  sqlite3_vfs* const vfs = Default();
  if (vfs->szOsFile > kBelowBytes) return SQLITE_CANTOPEN;
  if ((flags & SQLITE_OPEN_WAL) == 0) {
    return vfs->xOpen(vfs, path, file, flags, out);
  }
  auto* const below = reinterpret_cast<sqlite3_file*>(
      reinterpret_cast<char*>(file) + sizeof(LogFile));
  const int opened = vfs->xOpen(vfs, path, below, flags, out);
  if (opened != SQLITE_OK) return opened;
  new (file) LogFile{{&kMethods}, below, HeldFrames(below)};
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* path, int sync) {
  return Default()->xDelete(Default(), path, sync);
}

int Access(sqlite3_vfs*, const char* path, int flags, int* result) {
  return Default()->xAccess(Default(), path, flags, result);
}

int FullPath(sqlite3_vfs*, const char* path, int size, char* to) {
  return Default()->xFullPathname(Default(), path, size, to);
}

bool Register() {
  static sqlite3_vfs layer;
  if (Default() == nullptr) return false;
  layer = *Default();
  layer.szOsFile = static_cast<int>(sizeof(LogFile)) + kBelowBytes;
  layer.zName = kName;
  layer.pNext = nullptr;
  layer.xOpen = Open;
  layer.xDelete = Delete;
  layer.xAccess = Access;
  layer.xFullPathname = FullPath;
  return sqlite3_vfs_register(&layer, 0) == SQLITE_OK;
}

}  // namespace

const char* JoinedLogVfs() {
  static const bool registered = Register();
  return registered ? kName : nullptr;
}

}  // namespace gatehouse::audit
