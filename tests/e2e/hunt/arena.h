// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where one server under one policy is hunted: a stand-in cluster that logs, a
// second one that nobody may talk to, a folder with files that nobody may read
// or make, the guard, and behind it the real server. A call goes in; what was
// done that must not be done comes out.

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/classifier.h"
#include "tests/e2e/hunt/call_generator.h"
#include "tests/e2e/hunt/fence.h"
#include "tests/support/npm_servers.h"
#include "tests/support/sample_cluster.h"

namespace gatehouse::testing {

// A server to put behind the guard.
struct Prey {
  std::string name;     // of its ordinary calls
  std::string profile;  // of the guard
  std::vector<std::string> argv;
};

// mcp-server-kubernetes, kubernetes-mcp-server and kubectl. The argv of one
// that is not installed is empty.
std::vector<Prey> AllPrey();

// What came of one call.
struct HuntOutcome {
  bool passed = false;  // the guard let it through
  std::string answer;
  std::vector<std::string> seen;  // the stand-in's lines
  std::string wrong;              // "": nothing
};

// Owns all its processes and files. One thread; several may live at a time.
class Arena {
 public:
  // nullptr where something does not start. `context_namespace`: of the
  // kubeconfig's current context. `options`: further ones of `run`.
  static std::unique_ptr<Arena> Start(
      const Prey& prey, const Fence& fence,
      const std::string& context_namespace,
      const std::vector<std::string>& options = {});

  HuntOutcome Try(const HuntCall& call);

  // The server's tools, as the guard lists them.
  const JsonValue& tools() const { return tools_; }
  // Of the cluster that nobody may talk to, as in "http://127.0.0.1:1".
  std::string stranger() const;

 private:
  Arena(const Prey& prey, const Fence& fence) : prey_(prey), fence_(fence) {}
  void WriteFiles(const std::string& context_namespace);
  bool StartGuard();
  std::vector<std::string> GuardCommand() const;
  std::vector<std::pair<std::string, std::string>> Files() const;
  void ForgetStragglers(std::vector<std::string>& seen) const;
  std::string FaultOf(const HuntOutcome& outcome,
                      const std::vector<Request>& named,
                      const std::vector<std::string>& strangers) const;

  Prey prey_;
  const Fence& fence_;
  std::vector<std::string> options_;
  std::unique_ptr<SampleCluster> cluster_;
  std::unique_ptr<SampleCluster> stranger_;
  std::unique_ptr<Classifier> classifier_;
  ClusterView view_;
  JsonValue tools_;
  std::vector<std::pair<std::string, std::string>> files_;
  std::unique_ptr<McpClient> client_;
  // What the last calls that passed may still ask for: a kubectl that was ended
  // at its time limit has requests under way.
  std::deque<std::vector<Request>> earlier_;
};

}  // namespace gatehouse::testing
