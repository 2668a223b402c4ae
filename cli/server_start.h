// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a server is started with, decided before it is started: whose
// kubeconfig it gets (its private copy, by default), which of its settings are
// put right or refused, and what the judge then sees of the clusters.
//
// The steps: MakeStartPlan finds the settings and reads the kubeconfig; the
// policy is loaded with the plan's context; PrepareServer
// carries the plan out.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/kubeconfig_files.h"
#include "cli/server_settings.h"
#include "policy/engine.h"
#include "proxy/judge.h"

namespace gatehouse {
class ToolProfile;
}

namespace gatehouse::cli {

struct StartOptions {
  std::vector<std::string> server;
  std::string kubeconfig;  // of --kubeconfig
  std::string context;     // of --context
  bool confine = true;     // --no-confine
};

struct StartPlan {
  StartOptions options;
  ServerCommand command;
  std::vector<ServerSetting> settings;  // all that may be given
  std::vector<GivenSetting> given;
  bool profiled = false;
  KubeconfigOrigin origin;
  KubeconfigFiles files;
  Kubeconfig whole;     // what the files hold now
  std::string context;  // the one that the session starts in; "" for none
};

// `profile`: nullptr for none. kNotFound, kPermission, kInvalid where the
// kubeconfig cannot be read or has no such context.
Result<StartPlan> MakeStartPlan(StartOptions options,
                                const ToolProfile* profile);

struct ServerStart {
  ChildSpec spec;
  std::unique_ptr<ClusterSource> cluster;  // removes the copy when it goes
  std::vector<std::string> watched;        // files that it is made from
  std::string note;  // for the trail: what the server can reach
};

// Told, in one sentence, what a person at the terminal should know.
using Warn = std::function<void(std::string_view)>;

// kInvalid for a setting that is refused, kNotFound where no context is in
// scope.
Result<ServerStart> PrepareServer(StartPlan plan,
                                  const std::shared_ptr<const Engine>& engine,
                                  const Warn& warn);

}  // namespace gatehouse::cli
