// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of a trail and their modes: the database, and beside it the lock,
// the head and the key. All are 0600 in a folder that is made 0700. Opens no
// database.

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "audit/sqlite_sink.h"
#include "policy/result.h"

namespace gatehouse::audit {

// For /home/a/state/audit.db: audit.lock, audit.head, audit.key and
// audit.ballast beside it.
struct TrailFiles {
  std::string database;
  std::string lock;
  std::string head;
  std::string key;
  std::string ballast;
};

// kCorrupt where `database` is another program's file: to be asked before
// anything is made beside it, and before this process opens it with SQLite. A
// file beside which there is a lock or a log is left to SQLite to judge.
Status CheckNoForeignFile(const std::string& database);

// Whether the file is a trail, or one once stood there, as its own files beside
// it say: what is no trail then is a broken one.
bool WasTrail(const std::string& database);

// The real paths behind `database` (symbolic links followed, so that two names
// of one database have one lock), with its folder made where it is missing.
// kInvalid where no path is named.
Result<TrailFiles> PrepareTrailFiles(const std::string& database);

// The same for a reader, which makes nothing.
TrailFiles FindTrailFiles(const std::string& database);

// kUnsupported where `path` is on a network file system.
Status CheckFileSystem(const std::string& path, FileSystems allowed);

// Makes an empty file of mode 0600 where there is none, without opening it: to
// close any descriptor of a database drops the locks SQLite holds on it. An
// existing file of ours is narrowed to 0600; another user's is kPermission.
Status EnsurePrivateFile(const std::string& path);

// What `path` holds now is on the disk once this returns; of a folder, the
// names in it: a file whose name is lost is lost. A file system that knows no
// sync of folders has nothing to wait for.
// No symbolic link; kNotFound, kPermission, kIo.
Status SyncToDisk(const std::string& path);

// Writes all of it, however many writes that takes; false: see errno.
bool WriteAll(int fd, std::string_view bytes);

// Whether commands that only add a word to a standing trail may: it is ours,
// and its owner did not make it read-only. kPermission, kNotFound.
Status CheckOwnTrail(const std::string& database);

// A file by what it is, whatever its name leads to by now.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;

  bool operator==(const FileIdentity&) const = default;
};
// Nothing where there is no such file.
std::optional<FileIdentity> IdentityOf(const std::string& path);

// "cannot DOING PATH: strerror", with the code that fits errno.
Error SystemError(std::string_view doing, const std::string& path);

}  // namespace gatehouse::audit
