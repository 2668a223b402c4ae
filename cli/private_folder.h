// SPDX-License-Identifier: Apache-2.0
#pragma once
// A folder of one session, for its user only (0700), gone when the session
// ends. A session that was killed leaves its folder behind; the next one
// removes it: each holds a lock on its own (flock, which the kernel drops
// however a process ends), so what is not locked belongs to nobody.

#include <chrono>
#include <string>

#include "policy/result.h"
#include "proxy/fd.h"

namespace gatehouse::cli {

// Owns the folder and what is in it. Movable; one thread.
class PrivateFolder {
 public:
  // Below $XDG_RUNTIME_DIR/gatehouse, else gatehouse/run in the state folder,
  // else /tmp/gatehouse-UID.
  static Result<PrivateFolder> Make();
  // Below `base`, which is made where it is not there. kPermission where it is
  // someone else's or no folder; kBusy where another process has its lock for
  // longer than `patience`, which sessions have for as long as they make one,
  // or when this process is told to end (WaitingSignal).
  static Result<PrivateFolder> MakeIn(
      const std::string& base,
      std::chrono::milliseconds patience = std::chrono::seconds(2));

  PrivateFolder(PrivateFolder&& other) noexcept;
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  ~PrivateFolder();

  const std::string& path() const { return path_; }
  // Where somebody removed it: an empty one of the same name. Errors as MakeIn,
  // without patience.
  Status MakeAgain();

 private:
  PrivateFolder() = default;

  std::string path_;
  UniqueFd lock_;
};

}  // namespace gatehouse::cli
