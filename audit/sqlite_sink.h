// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trail on disk: a Sink over one SQLite database that several guards may
// write to at once. Appended records are sealed into the chain (chain.h) and
// written in one transaction at Commit. The rules it keeps, and why, stand in
// the comments of audit/writer_lock.h and audit/database.h.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
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
  // Once it is requested, nobody waits for other guards any more.
  std::stop_token stop = {};
  // How long the sink's one thread may wait for a disk that does not answer:
  // before a checkpoint, and at its end.
  std::chrono::milliseconds disk_patience{500};
  FileSystems file_systems = FileSystems::kLocalOnly;
  // Checkpoint after so many pages in the write-ahead log, or so long; in a
  // quiet moment after a quarter of the pages.
  int checkpoint_pages = 1000;
  std::chrono::seconds checkpoint_every{60};
  // The database's greatest size; 0: no limit but the disk's.
  std::uint64_t max_bytes = 0;
  // Records go to a segment (rotation.h) once the database is so big, or the
  // oldest of them so old; 0: never.
  std::uint64_t segment_bytes = 0;
  std::chrono::seconds segment_age{0};
  // Records are kept at least so long (prune.h); never less than before.
  std::chrono::seconds retention{0};
  // How often room and size are looked at.
  std::chrono::milliseconds look_every{1000};
  // No step of a rotation sooner than so long after the last.
  std::chrono::milliseconds rotation_pause{10};
  // Told, in one sentence, what a person should know: that room is short, say.
  std::function<void(std::string_view)> warn = nullptr;
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
