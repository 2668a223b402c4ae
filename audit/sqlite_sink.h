// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trail on disk: a Sink over one SQLite database that several guards may
// write to at once. Appended records are sealed into the chain (chain.h) and
// written in one transaction at Commit. The rules it keeps, and why, stand in
// the comments of audit/writer_lock.h and audit/database.h.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "audit/sink.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Where a database may live. SQLite's WAL needs shared memory and honest
// locks, which network file systems do not give.
enum class FileSystems { kLocalOnly = 0, kAny };

struct SinkOptions {
  // How long Append may wait for other guards before it says kBusy.
  std::chrono::milliseconds lock_wait{2000};
  FileSystems file_systems = FileSystems::kLocalOnly;
  // Checkpoint after so many pages in the write-ahead log, or so long.
  int checkpoint_pages = 1000;
  std::chrono::seconds checkpoint_every{60};
  // The database's greatest size; 0: no limit but the disk's.
  std::uint64_t max_bytes = 0;
  // Who writes, for the sink's own records: session, pid and the rest of who.
  // Without a session (a command that writes a record and goes) it is not
  // noted among the guards, and closes no gone guard's calls.
  Record self;
};

// Opens the trail at `path`, making the folder (0700) and the file (0600) where
// they are missing, and closes the calls of guards that are gone. Errors:
// kPermission, kIo, kBusy, kCorrupt (not a trail), kUnsupported (a newer
// version's trail, or a network file system). Call it after every fork of this
// process: a connection must not cross one.
Result<std::unique_ptr<Sink>> OpenSqliteSink(const std::string& path,
                                             const SinkOptions& options = {});

}  // namespace gatehouse::audit
