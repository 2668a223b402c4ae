// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tells when files may have changed: a descriptor that becomes readable. It
// watches the folders that the files and the targets of their links stand in,
// since most tools replace a file instead of writing to it. A hint only: who
// is woken looks at the files, and looks at them before each use all the same
// (some file systems tell nothing).

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
  // Forgets what made it readable, and follows links that now lead elsewhere.
  void Rearm();

 private:
  void Watch();

  std::vector<std::string> paths_;
  UniqueFd fd_;
};

}  // namespace gatehouse::cli
