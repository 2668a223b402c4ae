// SPDX-License-Identifier: Apache-2.0
#pragma once
// The demo's temporary folder, which goes away however the demo ends. A small
// process of its own waits on a pipe (the lifeline) that the demo and all its
// programs hold open; when the last of them is gone, it removes the folder.

#include <sys/types.h>

#include <string>

#include "policy/result.h"
#include "proxy/fd.h"

namespace gatehouse::cli {

// Owns the folder and the waiting process. Make it before any thread exists
// and destroy it after the programs that use it. Movable; one thread.
class DemoWorkspace {
 public:
  static Result<DemoWorkspace> Make();

  DemoWorkspace(DemoWorkspace&& other) noexcept;
  DemoWorkspace& operator=(DemoWorkspace&&) = delete;
  // Waits until the folder is gone (or left, after Keep).
  ~DemoWorkspace();

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }
  // For LineProcessSpec::inherited_fd.
  int lifeline() const { return lifeline_.get(); }
  // The folder stays.
  void Keep();

 private:
  DemoWorkspace() = default;

  std::string path_;
  UniqueFd lifeline_;
  pid_t sweeper_ = -1;
};

}  // namespace gatehouse::cli
