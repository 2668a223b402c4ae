// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trail is opened in a thread of its own, while a start reads the policy:
// that is a third of what a start does. It first finds out who the user is,
// which the trail says, and waits to be told the rest of whose session it is.
// A digest key that is not there yet is made in another thread, which waits
// for the disk.

#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "audit/sqlite_sink.h"
#include "cli/os_user.h"
#include "policy/result.h"
#include "proxy/log.h"
#include "proxy/trail.h"

namespace gatehouse::cli {

struct OpenedTrail {
  Identity identity;  // with its user
  std::unique_ptr<audit::Sink> sink;
};

// One owner, one thread; not before the last fork of this process. Where the
// system gives no thread, all is done in ours. A trail that is not taken is
// closed with it, and one that is nobody's is not opened; then nothing is
// waited for that may take long.
class TrailOpening {
 public:
  // What the trail has to say meanwhile, and later, goes to `log`, in the
  // thread of Take.
  TrailOpening(std::string database, audit::SinkOptions options, Log& log,
               UserDatabase users = {});
  ~TrailOpening();

  // All but the user. Once, before Take.
  void BeginSession(Identity identity);

  // Both wait. Errors as of audit::OpenKeyFile.
  Result<std::string> Key();
  // Once. Errors as of audit::OpenSqliteSink, and kBusy where it cannot be
  // found out in time who the user is, or this process is told to end first
  // (WaitingSignal).
  Result<OpenedTrail> Take();

 private:
  // Held while the log is another thread's.
  struct Warnings {
    Log* log = nullptr;
    std::vector<std::string> held;
  };

  void Open();

  Log& log_;
  std::shared_ptr<Warnings> warnings_;
  std::string database_;
  audit::SinkOptions options_;
  UserDatabase users_;
  bool begun_ = false;
  bool taken_ = false;
  std::stop_source stop_;
  std::promise<std::optional<Identity>> session_;  // none: there will be none
  std::promise<Result<OpenedTrail>> trail_;
  Result<std::string> key_;
  // Last: they use all the others.
  std::jthread key_thread_;
  std::jthread thread_;
};

}  // namespace gatehouse::cli
