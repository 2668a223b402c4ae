// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_files.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace gatehouse::audit {
namespace {

namespace fs = std::filesystem;

// audit/sqlite_schema.h's kApplicationId, as it stands in the file.
constexpr std::string_view kApplicationMark = "GATE";

constexpr mode_t kPrivateFile = 0600;
constexpr mode_t kPrivateFolder = 0700;

// FUSE counts: sshfs looks like any other. Those without a name in
// linux/magic.h: CIFS, SMB2, Lustre, GPFS, GFS2.
constexpr std::array<std::uint32_t, 13> kNetworkFileSystems = {
    NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, CODA_SUPER_MAGIC,  AFS_SUPER_MAGIC,
    AFS_FS_MAGIC,    V9FS_MAGIC,      OCFS2_SUPER_MAGIC, 0x65735546,
    0xff534d42,      0xfe534d42,      0x0bd00bd0,        0x47504653,
    0x01161970};

// Only the folders that are made are narrowed; a folder that stands is its
// owner's business.
Status MakeFolder(const fs::path& folder) {
  if (folder.empty() || mkdir(folder.c_str(), kPrivateFolder) == 0 ||
      errno == EEXIST) {
    return Done{};
  }
  if (errno != ENOENT || !folder.has_relative_path()) {
    return SystemError("make the folder", folder);
  }
  Status parent = MakeFolder(folder.parent_path());
  if (!parent.ok()) return parent;
  if (mkdir(folder.c_str(), kPrivateFolder) == 0 || errno == EEXIST) {
    return Done{};
  }
  return SystemError("make the folder", folder);
}

ErrorCode CodeOfErrno(int number) {
  if (number == ENOENT) return ErrorCode::kNotFound;
  if (number == EACCES || number == EPERM || number == EROFS) {
    return ErrorCode::kPermission;
  }
  return ErrorCode::kIo;
}

// https://www.sqlite.org/fileformat.html, 1.3
constexpr int kHeaderBytes = 100;
constexpr std::size_t kApplicationIdAt = 68;
constexpr std::string_view kMagic("SQLite format 3\0", 16);

bool IsTrailsHeader(std::string_view header) {
  return header.starts_with(kMagic) &&
         header.substr(kApplicationIdAt).starts_with(kApplicationMark);
}

bool HasTrailsFiles(const TrailFiles& files) {
  return access(files.lock.c_str(), F_OK) == 0 ||
         access((files.database + "-wal").c_str(), F_OK) == 0;
}

// nullopt where it cannot be opened.
std::optional<bool> HasTrailsHeader(const std::string& path) {
  const int fd =
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return std::nullopt;
  std::array<char, kHeaderBytes> header{};
  const bool whole =
      pread(fd, header.data(), header.size(), 0) == ssize_t{kHeaderBytes};
  close(fd);
  return whole && IsTrailsHeader({header.data(), header.size()});
}

}  // namespace

Error SystemError(std::string_view doing, const std::string& path) {
  const int number = errno;
  return {CodeOfErrno(number), "cannot " + std::string(doing) + " " + path +
                                   ": " + std::strerror(number)};
}

TrailFiles FindTrailFiles(const std::string& database) {
  std::error_code ignored;  // an unreadable path stays as it was given
  fs::path path =
      fs::weakly_canonical(fs::absolute(database, ignored), ignored);
  if (path.empty()) path = database;
  const auto beside = [&path](const char* extension) {
    // Only ".db" is replaced: "a.b" and "a.c" must not share a lock.
    fs::path other = path;
    if (path.extension() == ".db") return other.replace_extension(extension);
    return other += extension;
  };
  return {path, beside(".lock"), beside(".head"), beside(".key"),
          beside(".ballast")};
}

// What is read here is closed again, and with it go the locks that SQLite has
// on the file in this process: whoever has it open has made the lock before.
// Where there is a log, a power cut may have torn the header, which stands in
// the log then.
Status CheckNoForeignFile(const std::string& database) {
  const TrailFiles files = FindTrailFiles(database);
  struct stat info {};
  if (stat(files.database.c_str(), &info) != 0 || !S_ISREG(info.st_mode) ||
      info.st_size == 0 || HasTrailsFiles(files)) {
    return Done{};
  }
  // One that cannot be opened: said by who opens it next.
  if (HasTrailsHeader(files.database).value_or(true)) return Done{};
  return Error{ErrorCode::kCorrupt,
               files.database + " is not an audit trail; nothing was changed"};
}

bool WasTrail(const std::string& database) {
  const TrailFiles files = FindTrailFiles(database);
  return HasTrailsFiles(files) ||
         HasTrailsHeader(files.database).value_or(false);
}

Result<TrailFiles> PrepareTrailFiles(const std::string& database) {
  if (database.empty()) {
    return Error{ErrorCode::kInvalid,
                 "no place for the audit trail is known: set HOME, or name the "
                 "database with --db"};
  }
  std::error_code ignored;
  const fs::path absolute = fs::absolute(database, ignored);
  const Status made = MakeFolder(absolute.parent_path());
  if (!made.ok()) return made.error();
  return FindTrailFiles(database);
}

Status CheckFileSystem(const std::string& path, FileSystems allowed) {
  struct statfs system {};
  if (allowed == FileSystems::kAny) return Done{};
  if (statfs(path.c_str(), &system) != 0) {
    return SystemError("look at the file system of", path);
  }
  const auto type = static_cast<std::uint32_t>(system.f_type);
  if (std::ranges::count(kNetworkFileSystems, type) == 0) return Done{};
  return Error{ErrorCode::kUnsupported,
               path +
                   " is on a network file system, where a database that "
                   "several guards write to is not safe; use a local path"};
}

Status EnsurePrivateFile(const std::string& path) {
  if (mknod(path.c_str(), S_IFREG | kPrivateFile, 0) == 0) return Done{};
  if (errno != EEXIST) return SystemError("make", path);
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) return SystemError("look at", path);
  if (!S_ISREG(info.st_mode)) {
    return Error{ErrorCode::kInvalid, path + " is not a regular file"};
  }
  if (info.st_uid != geteuid()) {
    return Error{ErrorCode::kPermission, path + " belongs to another user"};
  }
  if ((info.st_mode & 077) == 0) return Done{};
  if (chmod(path.c_str(), kPrivateFile) == 0) return Done{};
  return SystemError("narrow the mode of", path);
}

Status SyncToDisk(const std::string& path) {
  const int fd =
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return SystemError("open", path);
  Status synced = Done{};
  if (fsync(fd) != 0 && errno != EINVAL) synced = SystemError("sync", path);
  close(fd);
  return synced;
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// Root could write, and would leave files behind that the owner's guards
// cannot open.
Status CheckOwnTrail(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return SystemError("look at", path);
  if (info.st_uid != geteuid()) {
    return Error{ErrorCode::kPermission, path + " belongs to another user"};
  }
  // Its owner's word, also where he is root.
  if ((info.st_mode & S_IWUSR) == 0) {
    return Error{ErrorCode::kPermission, path + " is read-only"};
  }
  if (access(path.c_str(), W_OK) != 0) return SystemError("write to", path);
  return Done{};
}

std::optional<FileIdentity> IdentityOf(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  return FileIdentity{info.st_dev, info.st_ino};
}

}  // namespace gatehouse::audit
