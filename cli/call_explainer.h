// SPDX-License-Identifier: Apache-2.0
#pragma once
// A call as `run` would judge it, for commands that ask: `policy explain` and
// `policy test`. Each call (or reading of a resource, or use of a prompt) is
// made into a frame and goes run's own way: strict reader, lookalike check,
// classifier, engine.

#include <map>
#include <memory>
#include <string>

#include "policy/engine.h"
#include "policy/kubernetes/tables.h"
#include "policy/result.h"
#include "proxy/judge.h"

namespace gatehouse::cli {

// One call to explain.
struct Question {
  std::string server;     // the profile's name
  std::string target;     // the tool, the resource's URI, or the prompt
  std::string arguments;  // JSON text; a resource has none
  Asked asked = Asked::kToolCall;
};

struct Answer {
  Classification call;
  Trace trace;        // the policy's own decision: may be an ask
  Decision decision;  // what `run` makes of it: an ask that nobody can answer
};

// Borrows the cluster, which outlives it. One thread.
class CallExplainer {
 public:
  CallExplainer(ClusterSource& cluster,
                std::shared_ptr<const KubernetesTables> tables);
  ~CallExplainer();

  // The policy of the calls that follow; there must be one before the first.
  void Use(std::shared_ptr<const Engine> engine);

  // An error where the server's profile is unknown.
  Result<Answer> Explain(const Question& question, const Subject& subject,
                         UtcTime now);

 private:
  struct Bench;  // a profile's classifier, and the judge over it
  Result<Bench*> BenchFor(const std::string& server);

  ClusterSource& cluster_;
  std::shared_ptr<const KubernetesTables> tables_;
  std::shared_ptr<const Engine> engine_;
  std::map<std::string, std::unique_ptr<Bench>> benches_;
};

}  // namespace gatehouse::cli
