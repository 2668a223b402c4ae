// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tells when files may have changed: a descriptor that becomes readable. It
// watches the folders that the files and the targets of their links stand in,
// since most tools replace a file instead of writing to it. A hint only: some
// file systems tell nothing, and a file may be changed by another name. So
// whoever uses a file at each message looks at it as FilePace says.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "proxy/fd.h"

namespace gatehouse::cli {

// One owner, one thread.
class FileWatch {
 public:
  explicit FileWatch(std::vector<std::string> paths);

  // -1 where the system has no such watches.
  int fd() const { return fd_.get(); }
  // From now on these too; those that are watched already stay as they are.
  void Add(const std::vector<std::string>& paths);
  // Whether it is readable now; in a batch, as it was when that was first
  // asked.
  bool HasNews() const;
  // Of messages that had all come before the first of them is judged: what was
  // changed before one of them was sent was changed before the batch began.
  void BeginBatch() { batch_ = Batch::kUnasked; }
  void EndBatch() { batch_ = Batch::kNone; }
  // Forgets what made it readable, and follows links that now lead elsewhere.
  void Rearm();
  // How often that was done.
  std::uint64_t told() const { return told_; }

 private:
  void Watch();

  std::vector<std::string> paths_;
  UniqueFd fd_;
  std::uint64_t told_ = 0;
  enum class Batch : std::uint8_t { kNone = 0, kUnasked, kNoNews };
  mutable Batch batch_ = Batch::kNone;
};

// When to look at files that are used at each message: at once where the watch
// has told of a change, or has news that nobody took yet (in them is whatever
// was changed before the message was sent), and every 100 ms whatever it tells.
// Looking costs a message as much as judging it. Borrows the watch; where there
// is none, or it cannot watch, always. One thread.
class FilePace {
 public:
  explicit FilePace(const FileWatch* watch) : watch_(watch) {}
  // Whether now is the time; if so, the files count as looked at.
  bool IsDue(std::chrono::steady_clock::time_point now);

 private:
  const FileWatch* watch_;
  std::uint64_t told_ = 0;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace gatehouse::cli
