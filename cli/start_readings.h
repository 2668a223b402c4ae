// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a start does beside its own way, in a thread that ends with it: reads
// the tables of Kubernetes, which the policy is compiled with, then finds out
// who the user is and opens the trail, which says so. That is half of a start,
// and depends on the command line and the kubeconfig only.

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "audit/sqlite_sink.h"
#include "policy/kubernetes/tables.h"
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
// closed with it.
class StartReadings {
 public:
  // `identity`: all but the user. What the trail has to say meanwhile, and
  // later, goes to `log`, in the thread of TakeTrail.
  StartReadings(std::string database, audit::SinkOptions options,
                Identity identity, Log& log);

  // Each waits, and may be had once.
  std::shared_ptr<const KubernetesTables> Tables() { return tables_.get(); }
  // Errors as of audit::OpenSqliteSink.
  Result<OpenedTrail> TakeTrail();

 private:
  // Held while the log is another thread's.
  struct Warnings {
    Log* log = nullptr;
    std::vector<std::string> held;
  };

  Log& log_;
  std::shared_ptr<Warnings> warnings_;
  std::future<std::shared_ptr<const KubernetesTables>> tables_;
  std::future<Result<OpenedTrail>> trail_;
  std::jthread thread_;
};

}  // namespace gatehouse::cli
