// SPDX-License-Identifier: Apache-2.0
#pragma once
// The policy of a running guard: read again when a file that it came from has
// changed, and on SIGHUP. What cannot be read or compiled is refused as a whole
// and the last good one stays; either is recorded. A call keeps the engine that
// it was judged by.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/file_stamp.h"
#include "cli/policy_source.h"

namespace gatehouse::cli {

class LivePolicy {
 public:
  struct Events {
    // Before `engine` is used: on failure the old one stays and the new one is
    // tried again later.
    std::function<Status(const Engine& engine)> on_loaded;
    std::function<void(const std::string& faults)> on_rejected;
  };

  // `loaded`: by this `choice`, without faults.
  LivePolicy(PolicyChoice choice, LoadedPolicy loaded);
  void SetEvents(Events events) { events_ = std::move(events); }

  // The engine to judge by now.
  std::shared_ptr<const Engine> engine() const { return engine_; }
  // What its rules were compiled with.
  const std::shared_ptr<const KubernetesTables>& tables() const {
    return choice_.tables;
  }
  // The files that it came from, or would come from.
  const std::vector<std::string>& files() const { return files_; }

  // Looks whether a file has changed, and reads it then. To be called between
  // batches: it may record.
  void Refresh();
  // On SIGHUP: reads, whatever has changed.
  void Reload();

 private:
  void Read(bool told);
  void Reject(const std::string& faults);

  PolicyChoice choice_;
  std::string origin_;
  std::shared_ptr<const Engine> engine_;
  std::vector<std::string> files_;
  std::vector<FileStamp> stamps_;
  bool unsettled_ = false;  // look again, whatever the stamps say
  Events events_;
};

}  // namespace gatehouse::cli
