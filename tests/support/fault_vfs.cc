// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fault_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <new>
#include <span>
#include <utility>

namespace gatehouse::testing {
namespace {

constexpr const char* kName = "gatehouse-faults";

// The file below follows it in the memory that SQLite gives.
struct ShimFile {
  sqlite3_file base;
  FaultVfs* owner;
  sqlite3_file* below;
  const std::string* name;  // of the file, for the log; see Names()
  bool logged;
  bool names_due;  // the next sync is of the folder, too
};

// Names outlive their files: SQLite has no place for a destructor.
const std::string* Keep(std::string name) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  static std::map<std::string, std::string> names;
  return &names.emplace(name, name).first->second;
}

std::string BaseName(const char* path) {
  return path == nullptr ? "" : std::filesystem::path(path).filename();
}

ShimFile& Shim(sqlite3_file* file) {
  return *reinterpret_cast<ShimFile*>(file);
}
sqlite3_file* Below(sqlite3_file* file) { return Shim(file).below; }
bool Fails(sqlite3_file* file, const char* operation) {
  return Shim(file).owner->Fails(operation);
}

int Close(sqlite3_file* file) {
  const int closed = Below(file)->pMethods->xClose(Below(file));
  Shim(file).owner->CountOpen(-1);
  return closed;
}

int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  if (Fails(file, "read")) return SQLITE_IOERR_READ;
  return Below(file)->pMethods->xRead(Below(file), to, size, at);
}

int WriteThrough(sqlite3_file* file, std::string_view bytes, sqlite3_int64 at) {
  ShimFile& shim = Shim(file);
  if (shim.logged) {
    shim.owner->Log(
        {FaultVfs::Entry::Kind::kWrite, *shim.name, at, std::string(bytes)});
  }
  return shim.below->pMethods->xWrite(shim.below, bytes.data(),
                                      static_cast<int>(bytes.size()), at);
}

// A disk that is full takes some of it first.
int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  const std::string_view bytes(static_cast<const char*>(from),
                               static_cast<std::size_t>(size));
  if (Fails(file, "write")) {
    (void)WriteThrough(file, bytes.substr(0, bytes.size() / 2), at);
    return SQLITE_FULL;
  }
  return WriteThrough(file, bytes, at);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (Fails(file, "truncate")) return SQLITE_IOERR_TRUNCATE;
  ShimFile& shim = Shim(file);
  if (shim.logged) {
    shim.owner->Log({FaultVfs::Entry::Kind::kTruncate, *shim.name, size});
  }
  return shim.below->pMethods->xTruncate(shim.below, size);
}

int Sync(sqlite3_file* file, int) {
  Shim(file).owner->AwaitSync();
  if (Fails(file, "sync")) return SQLITE_IOERR_FSYNC;
  ShimFile& shim = Shim(file);
  if (shim.logged) {
    shim.owner->Log({FaultVfs::Entry::Kind::kSync, *shim.name});
  }
  if (std::exchange(shim.names_due, false)) (void)shim.owner->SyncFolder();
  return SQLITE_OK;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  if (Fails(file, "size")) return SQLITE_IOERR_FSTAT;
  return Below(file)->pMethods->xFileSize(Below(file), size);
}

int Lock(sqlite3_file* file, int level) {
  if (Fails(file, "lock")) return SQLITE_IOERR_LOCK;
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

int ShmMap(sqlite3_file* file, int page, int size, int extend,
           void volatile** map) {
  if (Fails(file, "shm-map")) return SQLITE_IOERR_SHMMAP;
  return Below(file)->pMethods->xShmMap(Below(file), page, size, extend, map);
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  const bool locks = (flags & SQLITE_SHM_LOCK) != 0;
  if (locks && Fails(file, "shm-lock")) return SQLITE_IOERR_SHMLOCK;
  return Below(file)->pMethods->xShmLock(Below(file), offset, count, flags);
}

void ShmBarrier(sqlite3_file* file) {
  Below(file)->pMethods->xShmBarrier(Below(file));
}

int ShmUnmap(sqlite3_file* file, int remove) {
  return Below(file)->pMethods->xShmUnmap(Below(file), remove);
}

const sqlite3_io_methods kMethods = {2,
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
                                     ShmMap,
                                     ShmLock,
                                     ShmBarrier,
                                     ShmUnmap,
                                     nullptr,
                                     nullptr};

FaultVfs& Owner(sqlite3_vfs* vfs) {
  return *static_cast<FaultVfs*>(vfs->pAppData);
}

// What a file holds when it is first opened was brought to the disk by whoever
// made it.
void LogContent(FaultVfs& owner, const std::string& name, sqlite3_file* file) {
  sqlite3_int64 size = 0;
  if (file->pMethods->xFileSize(file, &size) != SQLITE_OK) return;
  std::string bytes(static_cast<std::size_t>(size), '\0');
  file->pMethods->xRead(file, bytes.data(), static_cast<int>(size), 0);
  owner.Log({FaultVfs::Entry::Kind::kFound, name, 0, std::move(bytes)});
}

int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
         int* out) {
  file->pMethods = nullptr;
  FaultVfs& owner = Owner(vfs);
  if (owner.Fails("open")) return SQLITE_CANTOPEN;
  constexpr int kJournals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
  constexpr int kLogged = SQLITE_OPEN_MAIN_DB | kJournals;
  auto* below = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) +
                                                sizeof(ShimFile));
  const int result =
      owner.below()->xOpen(owner.below(), path, below, flags, out);
  if (result != SQLITE_OK) return result;
  const std::string* const name = Keep(BaseName(path));
  const bool logged = (flags & kLogged) != 0;
  owner.CountOpen(1);
  if (logged && owner.IsNew(*name)) LogContent(owner, *name, below);
  new (file) ShimFile{{&kMethods}, &owner, below,
                      name,        logged, (flags & kJournals) != 0};
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* path, int sync) {
  FaultVfs& owner = Owner(vfs);
  if (owner.Fails("delete")) return SQLITE_IOERR_DELETE;
  owner.Log({FaultVfs::Entry::Kind::kDelete, BaseName(path)});
  return owner.below()->xDelete(owner.below(), path, sync);
}

int Access(sqlite3_vfs* vfs, const char* path, int flags, int* result) {
  FaultVfs& owner = Owner(vfs);
  if (owner.Fails("access")) return SQLITE_IOERR_ACCESS;
  return owner.below()->xAccess(owner.below(), path, flags, result);
}

int FullPath(sqlite3_vfs* vfs, const char* path, int size, char* to) {
  return Owner(vfs).below()->xFullPathname(Owner(vfs).below(), path, size, to);
}

sqlite3_vfs& Layer() {
  static sqlite3_vfs layer;
  return layer;
}

}  // namespace

FaultVfs::FaultVfs()
    : below_(sqlite3_vfs_find(nullptr)),
      syncs_([this](const std::string& path) {
        const bool is_folder = std::filesystem::is_directory(path);
        return !is_folder || SyncFolder() ? 0 : EIO;
      }) {
  sqlite3_vfs& layer = Layer();
  layer = *below_;
  layer.szOsFile = static_cast<int>(sizeof(ShimFile)) + below_->szOsFile;
  layer.zName = kName;
  layer.pNext = nullptr;
  layer.pAppData = this;
  layer.xOpen = Open;
  layer.xDelete = Delete;
  layer.xAccess = Access;
  layer.xFullPathname = FullPath;
  sqlite3_vfs_register(&layer, 1);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&Layer());
  sqlite3_vfs_register(below_, 1);
}

void FaultVfs::FailAt(std::size_t n, Fault fault) {
  const std::lock_guard lock(mutex_);
  fail_at_ = operations_ + n;
  fault_ = fault;
}

void FaultVfs::FailAll(std::string kind) {
  const std::lock_guard lock(mutex_);
  all_fail_ = std::move(kind);
}

void FaultVfs::Heal() {
  const std::lock_guard lock(mutex_);
  fault_ = Fault::kNever;
  all_fail_.clear();
}

void FaultVfs::HoldSyncs() {
  const std::lock_guard lock(mutex_);
  holds_syncs_ = true;
}

void FaultVfs::LetSyncsGo() {
  const std::lock_guard lock(mutex_);
  holds_syncs_ = false;
  changed_.notify_all();
}

void FaultVfs::AwaitSync() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !holds_syncs_; });
}

void FaultVfs::CountOpen(int more) {
  const std::lock_guard lock(mutex_);
  open_files_ += static_cast<std::size_t>(more);
  changed_.notify_all();
}

std::size_t FaultVfs::open_files() const {
  const std::lock_guard lock(mutex_);
  return open_files_;
}

void FaultVfs::AwaitOpen(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this, count] { return open_files_ <= count; });
}

void FaultVfs::Log(Entry entry) {
  const std::lock_guard lock(mutex_);
  if (logging_) log_.push_back(std::move(entry));
}

bool FaultVfs::Fails(const char* operation) {
  const std::lock_guard lock(mutex_);
  ++operations_;
  const bool fails = (fault_ == Fault::kOnce && operations_ == fail_at_) ||
                     (fault_ == Fault::kForGood && operations_ >= fail_at_) ||
                     all_fail_ == operation;
  if (!fails) return false;
  ++failures_;
  ++failed_[operation];
  return true;
}

bool FaultVfs::SyncFolder() {
  if (Fails("sync-folder")) return false;
  Log({Entry::Kind::kNames, ""});
  return true;
}

bool FaultVfs::IsNew(const std::string& file) const {
  const std::lock_guard lock(mutex_);
  return std::none_of(log_.begin(), log_.end(),
                      [&](const Entry& entry) { return entry.file == file; });
}

std::size_t FaultVfs::syncs() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      log_.begin(), log_.end(),
      [](const Entry& entry) { return entry.kind == Entry::Kind::kSync; }));
}

std::map<std::string, std::string> FaultVfs::Disk(std::size_t at, Cut cut,
                                                  std::uint64_t seed) const {
  return DiskAfterCut(std::span(log_).first(at), cut, seed);
}

}  // namespace gatehouse::testing
