// SPDX-License-Identifier: Apache-2.0
#pragma once
// The compiled policy: requests in, a decision out. The stage between
// policy/kubernetes/classifier and audit. It cannot fail: every name, glob and
// expression was checked when the policy was compiled (rule_compiler.h).
// The semantics are those of policy.md, "Deciding" 2-7; the sentences there
// are the rows of tests/policy/engine_test.cc.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/decision.h"
#include "policy/request.h"
#include "policy/session_settings.h"

namespace gatehouse {

using UtcTime = std::chrono::system_clock::time_point;

// Who asks. `client` is what the client says of itself and proves nothing.
struct Subject {
  std::string user;                 // operating system, verified
  std::vector<std::string> groups;  // operating system, verified
  std::string kube_user;            // user entry of the kubeconfig context
  std::string client;               // clientInfo.name
};

// What becomes of a tool whose definition has changed.
enum class Pin { kRecord = 0, kStrict };

enum class Mode { kEnforce = 0, kObserve };

// Where a rule stands, for explain and messages.
struct RuleSource {
  std::string id;  // "read-only/read-ordinary" where it comes by `extends`
  std::string file;
  int line = 0;
};

// Why each rule did or did not decide, for `policy explain`.
struct TraceStep {
  RuleSource rule;
  Effect effect = Effect::kDeny;
  bool observe = false;
  std::string outcome;  // "matches", "unknown: namespace", "no: verbs", …
};
struct RequestTrace {
  std::string request;  // Describe()
  Decision decision;    // of this request alone
  std::vector<TraceStep> steps;
};
struct Trace {
  Decision decision;  // of the whole call: the same that Decide gives
  std::vector<RequestTrace> requests;
};

struct CompiledPolicy;  // policy/compiled_policy.h

// What the system policy does not leave to the user, beside what it decides.
struct Locks {
  bool full_durability = false;
  bool confine = false;
};

// Immutable; shared by pointer, which is the reload point; any thread.
class Engine {
 public:
  // `system`: nullptr where there is no system policy.
  explicit Engine(std::unique_ptr<const CompiledPolicy> user,
                  std::unique_ptr<const CompiledPolicy> system = nullptr,
                  const Locks& locks = {});
  ~Engine();

  // The strictest decision over all requests, and of both policies; no request
  // at all is unclear.
  // `time` is read by rules with `when` or `until` only.
  Decision Decide(const Classification& call, const Subject& subject,
                  UtcTime time) const noexcept;
  // False only where no call that comes to these parts would be let through,
  // whatever its arguments: then the tool need not be listed.
  bool CouldAllow(const PossibleCall& call, const Subject& subject,
                  UtcTime time) const noexcept;
  // The same path as Decide, told step by step.
  Trace Explain(const Classification& call, const Subject& subject,
                UtcTime time) const;

  // Whether this kubeconfig context is inside every scope: what a confined
  // server may have.
  bool ContextInScope(std::string_view context) const noexcept;
  // Whether the policy allows this variable or flag of the server by name.
  bool AllowsSetting(std::string_view name) const noexcept;

  // Of the user's policy; the system's is enforced always.
  Mode mode() const noexcept;
  // Whether what every policy refuses is refused, and not only observed.
  bool Enforces() const noexcept;
  Pin pin() const noexcept;
  // Of both policies, the stricter.
  const SessionSettings& settings() const noexcept { return settings_; }
  std::string_view name() const noexcept;
  const Locks& locks() const noexcept { return locks_; }
  // "sha256:…" over the text of all files it came from, outermost first.
  std::string_view hash() const noexcept;
  // The texts themselves, joined, as kept in the audit database by hash.
  std::string_view text() const noexcept;
  // Rules with their sources, in file order, the system policy's last.
  std::vector<RuleSource> rules() const;

 private:
  std::unique_ptr<const CompiledPolicy> user_;
  std::unique_ptr<const CompiledPolicy> system_;
  Locks locks_;
  SessionSettings settings_;
};

// What becomes of a decision where nobody can be asked: an ask is a deny with
// code approval-unavailable (still observed where the policy observes). Others
// pass unchanged.
Decision WithoutApproval(Decision decision);

}  // namespace gatehouse
