// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything between the two streams of `gatehouse run`, put together in the
// order of a message's way. cli/run says when; nothing here parses options.

#include <memory>
#include <optional>
#include <string>

#include "audit/anchor_keeper.h"
#include "audit/redact.h"
#include "audit/sink.h"
#include "cli/failed_session.h"
#include "cli/file_watch.h"
#include "cli/live_policy.h"
#include "cli/trail_opening.h"
#include "policy/kubernetes/classifier.h"
#include "proxy/gate.h"
#include "proxy/relay.h"
#include "proxy/return_gate.h"

namespace gatehouse::cli {

// Members borrow from those above them. Made step by step: cli/run fills the
// first, from `cluster` to `profile`; OpenTrail and MakeGates the rest.
struct Guard {
  SystemClock clock;
  Session session;
  Identity identity;
  std::unique_ptr<FileWatch> watch;  // of the kubeconfig and the policy
  std::unique_ptr<ClusterSource> cluster;
  std::unique_ptr<LivePolicy> policy;
  FilePace policy_pace{nullptr};
  std::shared_ptr<const ToolProfile> profile;  // null where there is none
  bool show_denied = false;                    // in lists, marked
  ResultLimit result_limit;
  bool tools_changed = false;  // by a policy that was loaded anew
  std::unique_ptr<Classifier> classifier;
  std::unique_ptr<PolicyJudge> judge;
  std::unique_ptr<audit::Redactor> redactor;
  std::unique_ptr<audit::Sink> sink;
  std::unique_ptr<Trail> trail;
  bool trail_begun = false;                      // `guard start` stands in it
  std::unique_ptr<audit::AnchorKeeper> anchors;  // or null
  std::unique_ptr<Gate> gate;
  std::unique_ptr<ReturnGate> return_gate;
};

// The id of this session.
std::string NewSession(const Guard& guard);

// What cli/trail_opening opened, for guard.cluster's own user.
void TakeTrail(Guard& guard, OpenedTrail opened);

// Writes `guard start`, which says `detail`: durable before the first line
// leaves. Everything that it writes is masked by guard.redactor.
std::optional<Failure> BeginTrail(Guard& guard, const std::string& detail);

// Writes `guard stop`, which says `detail`, where there is a `guard start`.
void EndTrail(Guard& guard, const std::string& detail, Log& log);

void MakeGates(Guard& guard, audit::Durability durability, Log& log);

// Runs the session to its end and writes `guard stop`. The exit code.
int RunSession(Guard& guard, Child& child, int signal_fd, Log& log);

}  // namespace gatehouse::cli
