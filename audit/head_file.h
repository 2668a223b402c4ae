// SPDX-License-Identifier: Apache-2.0
#pragma once
// `audit.head` beside the database: one line with the chain's head as of the
// last moment when all up to it was certainly on the disk (a FULL commit, a
// checkpoint, a close). A tail that is cut off the database, head row and all,
// shows against it. It may lag behind the database and must never lead, so
// that a power cut is no false alarm.

#include <optional>
#include <string>
#include <string_view>

#include "audit/chain.h"
#include "policy/result.h"

namespace gatehouse::audit {

// "gatehouse-audit-head 1 CHAIN SEQ HASH\n", of one length for one chain, so
// that a write replaces the whole line.
std::string FormatHead(const ChainHead& head);
std::optional<ChainHead> ParseHead(std::string_view line);

// nullopt where there is no file, or an empty one; kCorrupt where it is not
// such a line.
Result<std::optional<ChainHead>> ReadHeadFile(const std::string& path);

// Owns one descriptor, opened at the first write. Called under the writer
// lock.
class HeadFile {
 public:
  explicit HeadFile(std::string path);
  ~HeadFile();
  HeadFile(const HeadFile&) = delete;
  HeadFile& operator=(const HeadFile&) = delete;

  // The next write looks at the name anew: what leads to another file by then
  // is another trail's.
  void Close();

  // Not synced: the file may lag.
  Status Write(const ChainHead& head);
  // The same, where the file is not further in this chain already.
  Status Advance(const ChainHead& head);

 private:
  Status Open();

  std::string path_;
  int fd_ = -1;
};

}  // namespace gatehouse::audit
