// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a start reads beside its own way, in two threads that end with it: until
// the policy can be compiled, and while the server comes up. Nothing but what
// is built in, who the user is, and the key of the digests; all that depends on
// the command line and the kubeconfig stays in the one thread of cli/run.

#include <future>
#include <memory>
#include <string>
#include <thread>

#include "audit/redact.h"
#include "cli/os_user.h"
#include "cli/profile_source.h"
#include "policy/kubernetes/tables.h"
#include "policy/result.h"
#include "policy/session_settings.h"

namespace gatehouse::cli {

// What masks, and where it takes its key.
struct MaskingChoice {
  std::string database;
  std::string session;
  SessionSettings settings;
};

// One owner, one thread; not before the last fork. Each value may be taken once
// and is waited for then. Where the system gives no thread, it is read in ours.
class StartReadings {
 public:
  // Begins with what needs nothing.
  StartReadings();

  std::shared_ptr<const KubernetesTables> Tables() { return tables_.get(); }
  OsUser User() { return user_.get(); }

  // Begins with the rest; before the two below.
  void Continue(ProfileHead head, MaskingChoice masking);

  std::shared_ptr<const ToolProfile> Profile() { return profile_.get(); }
  // As audit/key_file, which may have to make the key.
  Result<std::unique_ptr<audit::Redactor>> Redactor() {
    return redactor_.get();
  }

 private:
  std::future<std::shared_ptr<const KubernetesTables>> tables_;
  std::future<OsUser> user_;
  std::future<std::shared_ptr<const ToolProfile>> profile_;
  std::future<Result<std::unique_ptr<audit::Redactor>>> redactor_;
  std::jthread first_;
  std::jthread second_;
};

}  // namespace gatehouse::cli
